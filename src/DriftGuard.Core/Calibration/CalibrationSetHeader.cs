using DriftGuard.Core.Calibration.Thresholds;
using DriftGuard.Core.Retrieval;

namespace DriftGuard.Core.Calibration;

/// <summary>What <c>set.yaml</c> declares.</summary>
public sealed record CalibrationSetHeader
{
    /// <summary>The payload field of the embedded text, unless set.</summary>
    public const string DefaultTextField = "text";

    /// <summary>The name of the set, which is the name of its folder.</summary>
    public required string Name { get; init; }

    /// <summary>What the queries ask and what counts as relevant.</summary>
    public string Description { get; init; } = "";

    /// <summary>The licence of the texts, as an SPDX expression where there is one.</summary>
    public string Licence { get; init; } = "";

    /// <summary>Where the texts and labels come from.</summary>
    public string Source { get; init; } = "";

    /// <summary>Whether somebody judged, or behaviour was taken for a judgement.</summary>
    public CalibrationLabels Labels { get; init; } = CalibrationLabels.Judged;

    /// <summary>The payload field of a point that holds the id the judgements name; null where they name the point's own id.</summary>
    public string? IdField { get; init; }

    /// <summary>The payload field of a point that holds the embedded text.</summary>
    public string TextField { get; init; } = DefaultTextField;

    /// <summary>The query field that says which queries move together; null to take queries with the same relevant documents.</summary>
    public string? GroupField { get; init; }

    /// <summary>The query fields whose values are slices.</summary>
    public IReadOnlyList<CalibrationSlice> Slices { get; init; } = [];

    /// <summary>What the scores and further columns of <c>pairs.tsv</c> mean.</summary>
    public PairRules Pairs { get; init; } = new();

    /// <summary>The metrics that decide, at least one.</summary>
    public IReadOnlyList<RetrievalMetric> Metrics { get; init; } = [RetrievalMetric.CappedRecallAt10, RetrievalMetric.NdcgAt10];
}

/// <summary>A query field whose values are slices that must not be left behind.</summary>
/// <param name="Field">The field, such as <c>lang</c>.</param>
/// <param name="Critical">A slice of this field that is too small to test makes the gate inconclusive instead of a warning.</param>
public sealed record CalibrationSlice(string Field, bool Critical = false);
