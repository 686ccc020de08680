using DriftGuard.Core.Drift.Findings;

namespace DriftGuard.Core.Drift;

/// <summary>A named number.</summary>
/// <param name="Name">What it is, e.g. <c>median_distance</c>.</param>
/// <param name="Value">The number.</param>
public sealed record DriftFigure(string Name, double Value)
{
    /// <summary>Lower end of its interval; null where there is none.</summary>
    public double? Lower { get; init; }

    /// <summary>Upper end of its interval; null where there is none.</summary>
    public double? Upper { get; init; }
}

/// <summary>What one detector found in one check.</summary>
public sealed record DetectorResult
{
    /// <summary>Which detector.</summary>
    public required Detector Detector { get; init; }

    /// <summary>Its answer.</summary>
    public required DriftVerdict Verdict { get; init; }

    /// <summary>Why, as a constant of <see cref="DriftReason"/>: what programs go by.</summary>
    public required string Reason { get; init; }

    /// <summary>Why, for people, with the figures.</summary>
    public required string Sentence { get; init; }

    /// <summary>The statistic that decided; null where nothing was computed.</summary>
    public DriftFigure? Statistic { get; init; }

    /// <summary>The p-value that decided, corrected for the number of tests; null where the rule has none.</summary>
    public double? P { get; init; }

    /// <summary>How much drifted, with its interval; null where nothing was computed.</summary>
    public DriftFigure? Effect { get; init; }

    /// <summary>How many of what were looked at, e.g. <c>probes</c>, <c>points</c>, <c>queries</c>, <c>days</c>.</summary>
    public IReadOnlyDictionary<string, long> Samples { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Seed of what was drawn; null where nothing was.</summary>
    public int? Seed { get; init; }

    /// <summary>Runs that the verdict stands on: 2 where a fresh one was taken.</summary>
    public int Runs { get; init; } = 1;

    /// <summary>What was compared with: the id of a baseline, or an enrolment of a fingerprint; null where there is nothing of the kind.</summary>
    public string? ComparedWith { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public double Milliseconds { get; init; }

    /// <summary>What the schema detector saw.</summary>
    public SchemaFindings? Schema { get; init; }

    /// <summary>What the model detector saw.</summary>
    public ModelFindings? Model { get; init; }

    /// <summary>What the index detector saw.</summary>
    public IndexFindings? Index { get; init; }

    /// <summary>What the quality detector saw.</summary>
    public QualityFindings? Quality { get; init; }

    /// <summary>What the data detector saw.</summary>
    public DataFindings? Data { get; init; }

    /// <summary>An answer that nothing was found on, for reasons outside of the index.</summary>
    public static DetectorResult Without(Detector detector, DriftVerdict verdict, string reason, string sentence) =>
        new() { Detector = detector, Verdict = verdict, Reason = reason, Sentence = sentence };
}
