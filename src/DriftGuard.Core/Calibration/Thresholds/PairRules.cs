using DriftGuard.Core.Embedding;

namespace DriftGuard.Core.Calibration.Thresholds;

/// <summary>As what the two texts of a pair are embedded; many models want another prefix for each.</summary>
public enum PairKinds
{
    /// <summary>Both as documents: for cuts that say that two texts mean the same.</summary>
    DocumentDocument,

    /// <summary>The first as a query, the second as a document: for cuts that say that a document answers a query.</summary>
    QueryDocument,

    /// <summary>Both as queries: for cuts that say that two questions ask the same, as caches of answers have them.</summary>
    QueryQuery,
}

/// <summary>What follows from <see cref="PairKinds"/>.</summary>
public static class PairKindsExtensions
{
    /// <summary>As what the first and the second text are embedded.</summary>
    public static (InputKind First, InputKind Second) Inputs(this PairKinds kinds) => (
        kinds == PairKinds.DocumentDocument ? InputKind.Document : InputKind.Query,
        kinds == PairKinds.QueryQuery ? InputKind.Query : InputKind.Document);
}

/// <summary>What the scores of labelled pairs mean, and what their further columns are for: <c>pairs</c> of <c>set.yaml</c>.</summary>
public sealed record PairRules
{
    /// <summary>Pairs with this score or more are positive; null where none is declared.</summary>
    public double? PositiveFrom { get; init; }

    /// <summary>Pairs with a score below this are negative; null where none is declared.</summary>
    public double? NegativeBelow { get; init; }

    /// <summary>The columns whose values are slices.</summary>
    public IReadOnlyList<string> Slices { get; init; } = [];

    /// <summary>As what the texts are embedded; null for <see cref="PairKinds.DocumentDocument"/>.</summary>
    public PairKinds? Kinds { get; init; }

    /// <summary>What is wrong with the two limits; null if nothing.</summary>
    public string? Problem => PositiveFrom is { } from && NegativeBelow is { } below && below > from
        ? FormattableString.Invariant($"negative_below is {below} and positive_from {from}: a score between them would be both; negative_below is at most positive_from.")
        : null;
}
