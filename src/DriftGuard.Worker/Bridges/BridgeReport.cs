using DriftGuard.Core.Embedding;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Retrieval.Bridges;

namespace DriftGuard.Worker.Bridges;

/// <summary>A bridge that was fitted, with every figure that its verdict rests on.</summary>
public sealed record BridgeReport
{
    /// <summary>Identity in the state.</summary>
    public required string Id { get; init; }

    /// <summary>The index.</summary>
    public required string Index { get; init; }

    /// <summary>The collection that is searched through it, and no other.</summary>
    public required string Collection { get; init; }

    /// <summary>The vector's name in it; the default vector has the empty name.</summary>
    public required string Vector { get; init; }

    /// <summary>Name of the model that made the collection's vectors.</summary>
    public required string OldModel { get; init; }

    /// <summary>That model's fingerprint.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Name of the model whose queries are mapped.</summary>
    public required string Model { get; init; }

    /// <summary>That model's fingerprint.</summary>
    public required string ModelFingerprint { get; init; }

    /// <summary>When it was fitted.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When it ends by itself, unless it has ended before.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>The map that was chosen.</summary>
    public required MapKind Kind { get; init; }

    /// <summary>Dimensions of the vectors that are mapped.</summary>
    public required int From { get; init; }

    /// <summary>Dimensions of the vectors that come out, which are the collection's.</summary>
    public required int To { get; init; }

    /// <summary>Whether mapped vectors get length 1, as the stored ones have.</summary>
    public required bool Unit { get; init; }

    /// <summary>How the collection compares vectors.</summary>
    public required VectorDistance Distance { get; init; }

    /// <summary>Identity of the map: SHA-256 of what it maps and its numbers, 64 hex digits.</summary>
    public required string Digest { get; init; }

    /// <summary>Pairs of vectors that it was fitted on.</summary>
    public required int Pairs { get; init; }

    /// <summary>Seed of the pairs and of the halves of the queries.</summary>
    public required int Seed { get; init; }

    /// <summary>The calibration set.</summary>
    public required string CalibrationSet { get; init; }

    /// <summary>What is measured.</summary>
    public required string Metric { get; init; }

    /// <summary>Queries that chose.</summary>
    public required int Choosing { get; init; }

    /// <summary>The maps, by what the queries that chose find through each.</summary>
    public required IReadOnlyList<BridgeCandidate> Candidates { get; init; }

    /// <summary>The evaluation that the old model's figures are from; null where it could still be asked.</summary>
    public string? OldEvaluation { get; init; }

    /// <summary>The metric over all queries by the old model.</summary>
    public required double OldMean { get; init; }

    /// <summary>The metric over all queries as they are without a bridge; null where the spaces differ in dimensions.</summary>
    public double? UnmappedMean { get; init; }

    /// <summary>The metric over all queries through the bridge.</summary>
    public required double BridgeMean { get; init; }

    /// <summary>What follows.</summary>
    public required BridgeVerdict Verdict { get; init; }

    /// <summary>The bridge against the old model, on the queries that decide.</summary>
    public required MatchesOrBeatsResult Decision { get; init; }

    /// <summary>What limits what the figures say.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>
    /// Whether it leads into what serves. It is bound to one collection, so that it ends with a cutover whoever has noticed that, and to the model that
    /// made the collection's vectors.
    /// </summary>
    internal bool LeadsInto(string collection, string? fingerprint, DateTimeOffset now) => Collection == collection && Fingerprint == fingerprint && now < Until;
}

/// <summary>A map that was tried.</summary>
/// <param name="Kind">How it was fitted.</param>
/// <param name="Mean">The metric over the queries that chose.</param>
public sealed record BridgeCandidate(MapKind Kind, double Mean);

/// <summary>A bridge as it stands now.</summary>
/// <param name="Report">What was fitted.</param>
/// <param name="InUse">Whether queries go over it.</param>
/// <param name="EndedAt">When it ended; null while it is in use, or was refused.</param>
public sealed record BridgeState(BridgeReport Report, bool InUse, DateTimeOffset? EndedAt)
{
    /// <summary>A bridge that was just fitted: in use if it passed its gate.</summary>
    public static BridgeState Fitted(BridgeReport report) => new(report, report.Verdict == BridgeVerdict.Serves, null);
}
