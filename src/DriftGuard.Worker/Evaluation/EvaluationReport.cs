using DriftGuard.Core.Calibration;
using DriftGuard.Core.Gate;

namespace DriftGuard.Worker.Evaluation;

/// <summary>What evaluations are made for.</summary>
public static class EvaluationKind
{
    /// <summary>A sub-corpus under both models, before anything is copied.</summary>
    public const string Preflight = "preflight";

    /// <summary>Both collections of a rollout, before its cutover.</summary>
    public const string Gate = "gate";

    /// <summary>The new collection after its cutover, against what the old one scored at the gate.</summary>
    public const string Soak = "soak";

    /// <summary>The collection that serves an index, by itself.</summary>
    public const string Evaluate = "evaluate";

    /// <summary>Two indexes, collections or models that somebody asked about.</summary>
    public const string Compare = "compare";
}

/// <summary>
/// A calibration set scored against one side or two, with every query's result. Members that older reports do not have are optional, so that
/// those still read.
/// </summary>
public sealed record EvaluationReport
{
    /// <summary>Identity in the state.</summary>
    public required string Id { get; init; }

    /// <summary>One of <see cref="EvaluationKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Index that was evaluated; null where models were compared that serve none.</summary>
    public string? Index { get; init; }

    /// <summary>Name of the calibration set.</summary>
    public required string CalibrationSet { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The metrics by name, in the order of every list of values here; the first is the primary one.</summary>
    public required IReadOnlyList<string> Metrics { get; init; }

    /// <summary>The collection that serves, or the first of two that are compared.</summary>
    public required SideReport Old { get; init; }

    /// <summary>The candidate; null where only one side was scored.</summary>
    public SideReport? New { get; init; }

    /// <summary>Each metric compared, paired by query; empty where only one side was scored.</summary>
    public IReadOnlyList<ComparedMetric> Comparisons { get; init; } = [];

    /// <summary>The set's slices; null where it declares none.</summary>
    public SlicesReport? Slices { get; init; }

    /// <summary>The slices by each further metric, compared; empty where only one side was scored.</summary>
    public IReadOnlyList<SlicesReport> OtherSlices { get; init; } = [];

    /// <summary>The gate's rows; null where no gate was asked.</summary>
    public GateReport? Gate { get; init; }

    /// <summary>Relevant documents that are not in the corpus.</summary>
    public StaleLabels? Labels { get; init; }

    /// <summary>Groups of queries that move together; null in older reports.</summary>
    public int? Groups { get; init; }

    /// <summary>
    /// What was looked at in place of the whole corpus, by a preflight. Levels on it are too high and are not the index': only differences
    /// are shown.
    /// </summary>
    public SubCorpusSize? SubCorpus { get; init; }

    /// <summary>Every query, in the order of the set.</summary>
    public required IReadOnlyList<QueryReport> Queries { get; init; }

    /// <summary>The queries that changed most, or score least, with what they found.</summary>
    public QueryExamples? Examples { get; init; }

    /// <summary>The verdict in a word; null in older reports.</summary>
    public string? Verdict { get; init; }

    /// <summary>The verdict in a sentence.</summary>
    public required string Sentence { get; init; }

    /// <summary>What limits what the figures say.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Seed of the sub-corpus; null where none was drawn. Tests have their seeds beside them.</summary>
    public int? Seed { get; init; }

    /// <summary>Whether means say something about the index, or only their difference does.</summary>
    public bool ShowsLevels() => SubCorpus is null && Kind != EvaluationKind.Preflight;
}

/// <summary>How much a preflight looked at.</summary>
/// <param name="Queries">Queries, whole groups of them.</param>
/// <param name="Documents">Documents: all that are relevant to those queries, and random others.</param>
public sealed record SubCorpusSize(int Queries, int Documents);
