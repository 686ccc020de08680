using DriftGuard.Core.Drift.Diagnosis;

namespace DriftGuard.Core.Drift;

/// <summary>One drift check of an index: every detector's answer and the diagnosis.</summary>
public sealed record DriftReport
{
    /// <summary>Identity in the state.</summary>
    public required string Id { get; init; }

    /// <summary>The index that was checked.</summary>
    public required string Index { get; init; }

    /// <summary>When the check began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary><c>requested</c> or <c>scheduled</c>.</summary>
    public required string Trigger { get; init; }

    /// <summary>The collection behind the index; null if its alias points nowhere.</summary>
    public string? Collection { get; init; }

    /// <summary>Name of the model that the collection says its vectors are of.</summary>
    public string? Model { get; init; }

    /// <summary>Its fingerprint, as the collection says.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The detectors that ran, in their order.</summary>
    public required IReadOnlyList<DetectorResult> Detectors { get; init; }

    /// <summary>What happened, since when, what to do.</summary>
    public required DriftDiagnosis Diagnosis { get; init; }

    /// <summary>Seed of everything that was drawn.</summary>
    public required int Seed { get; init; }

    /// <summary>How long the check took, in milliseconds.</summary>
    public required double Milliseconds { get; init; }

    /// <summary>Of <see cref="Milliseconds"/>, how long the model was waited for.</summary>
    public double EmbeddingMilliseconds { get; init; }

    /// <summary>Texts that were embedded for it.</summary>
    public long TextsEmbedded { get; init; }

    /// <summary>The verdict of all detectors together. One that could tell before, and cannot any more, leaves no clean bill.</summary>
    public DriftVerdict Verdict => DriftVerdicts.Together([.. Detectors.Select(result => result.Verdict)]) is var together && together == DriftVerdict.None
        && Detectors.Any(result => result is { Verdict: DriftVerdict.InsufficientData, Reason: DriftReason.LabelsStale or DriftReason.BaselineDoesNotFit or DriftReason.BudgetSpent })
            ? DriftVerdict.InsufficientData
            : together;

    /// <summary>The answer of a detector; null if it did not run.</summary>
    public DetectorResult? Of(Detector detector) => Detectors.FirstOrDefault(result => result.Detector == detector);
}
