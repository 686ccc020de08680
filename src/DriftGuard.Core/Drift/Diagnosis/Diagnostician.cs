using System.Globalization;

namespace DriftGuard.Core.Drift.Diagnosis;

/// <summary>
/// Names the cause that explains the pattern of verdicts. Each rule proposes what fits its detector's findings; what lies deeper explains what
/// lies above it: a model that changed explains vectors that it does not give back, and both explain a loss of quality.
/// </summary>
public static class Diagnostician
{
    /// <summary>The deepest cause first: a label that is missing for certain explains nothing where a model has likely changed. What is only possible comes last.</summary>
    private static readonly DriftCause[] DeepestFirst =
    [
        DriftCause.AliasRepointed, DriftCause.ModelMissing,
        DriftCause.ProviderChangedModel, DriftCause.PrecisionChanged, DriftCause.AxesReoriented, DriftCause.PoolingChanged, DriftCause.PrefixChanged,
        DriftCause.NormalisationChanged, DriftCause.TruncationChanged, DriftCause.TextPreparationChanged, DriftCause.ModelFileChanged, DriftCause.SpecChanged,
        DriftCause.IndexOfAnotherModel, DriftCause.IndexMixed, DriftCause.QuerySideUpgraded, DriftCause.BadVectors, DriftCause.TextEditedWithoutVector,
        DriftCause.ForeignWrites, DriftCause.CollectionChanged, DriftCause.DocumentsShifted, DriftCause.QueryLanguageShifted, DriftCause.QueryTopicsShifted,
        DriftCause.LabelsStale, DriftCause.SearchDegraded, DriftCause.Unexplained,
    ];

    /// <summary>Diagnoses a check.</summary>
    public static DriftDiagnosis Diagnose(DriftPattern pattern)
    {
        var proposed = SchemaRules.Of(pattern).Concat(ModelRules.Of(pattern)).Concat(IndexRules.Of(pattern)).Concat(DataRules.Of(pattern))
            .Concat(QualityRules.Of(pattern))
            .OrderBy(hypothesis => hypothesis.Certainty == Certainty.Possible).ThenBy(hypothesis => Array.IndexOf(DeepestFirst, hypothesis.Cause))
            .ThenByDescending(hypothesis => hypothesis.Certainty).ToList();
        if (proposed.Count == 0)
            return Without(pattern);
        var primary = proposed[0];
        var others = proposed.Skip(1).Where(other => other.Cause != primary.Cause && other.Cause != DriftCause.Unexplained).ToList();
        return new()
        {
            Cause = primary.Cause,
            Certainty = primary.Certainty,
            WhatHappened = primary.WhatHappened,
            SinceWhen = Since(pattern, primary),
            WhatToDo = primary.WhatToDo,
            Evidence = [.. primary.Evidence, .. Consequences(pattern, primary)],
            LastGoodCheck = LastGood(pattern, primary),
            FirstBadStamp = FirstBad(pattern),
            Others = [.. others, .. Notes(pattern, others.Append(primary))],
        };
    }

    private static DriftDiagnosis Without(DriftPattern pattern)
    {
        var drift = pattern.Results.Where(result => result.Verdict.IsDrift()).ToList();
        var failed = pattern.Results.Where(result => result.Verdict == DriftVerdict.Failed).ToList();
        var clean = pattern.Results.Where(result => result.Verdict == DriftVerdict.None).ToList();
        var silent = pattern.Results.Where(result => result.Verdict == DriftVerdict.InsufficientData).ToList();
        if (drift.Count > 0)
        {
            return Saying(
                DriftCause.Unexplained, $"{Names(drift)}: {drift[0].Sentence}", Since(pattern, null), "look at the findings below; none of the known causes fits them", drift);
        }

        if (failed.Count > 0)
            return Saying(DriftCause.CouldNotLook, $"{Names(failed)} could not look: {failed[0].Sentence}", Since(pattern, null), "mend what could not be used, then check again", failed);
        return clean.Count == 0
            ? Saying(DriftCause.NotEnoughData, "nothing could be said yet", "-", silent.Count > 0 ? silent[0].Sentence : "run all detectors", silent)
            : Saying(
                DriftCause.Nothing, silent.Count == 0 ? "nothing drifted" : $"nothing drifted as far as {Names(clean)} can tell; {Names(silent)} had too little to go by", "-", silent.Count == 0 ? "nothing" : $"nothing now; what {Names(silent)} would need stands below", silent,
                [.. Notes(pattern, [])]);
    }

    private static DriftDiagnosis Saying(DriftCause cause, string what, string since, string toDo, List<DetectorResult> evidence, IReadOnlyList<Hypothesis>? notes = null) => new()
    {
        Cause = cause,
        Certainty = cause == DriftCause.Nothing ? Certainty.Likely : Certainty.Possible,
        WhatHappened = what,
        SinceWhen = since,
        WhatToDo = toDo,
        Others = notes ?? [],
        Evidence = [.. evidence.Select(result => $"{Name(result)}: {result.Sentence}")],
    };

    private static IEnumerable<Hypothesis> Notes(DriftPattern pattern, IEnumerable<Hypothesis> said) =>
        IndexRules.Notes(pattern).Where(note => said.All(hypothesis => hypothesis.Cause != note.Cause));

    private static string Names(List<DetectorResult> results) => string.Join(", ", results.Select(Name));

    private static string Name(DetectorResult result) => result.Detector.ToString().ToLowerInvariant();

    /// <summary>What the cause did to those who search.</summary>
    private static IEnumerable<string> Consequences(DriftPattern pattern, Hypothesis primary) =>
        primary.Cause == DriftCause.Unexplained ? [] : QualityRules.Losses(pattern);

    private static string Since(DriftPattern pattern, Hypothesis? primary)
    {
        var parts = new List<string>();
        if (FirstBad(pattern) is { } stamp && DetectorOf(pattern, primary) == Detector.Index)
        {
            // A stamp of another model is the culprit's own; any other is that of whoever wrote the point before.
            parts.Add(pattern.IndexPoints?.Stamps is { Fingerprints.Count: > 0 }
                ? string.Create(CultureInfo.InvariantCulture, $"the first bad stamp is of a writer that started at {stamp:u}")
                : string.Create(CultureInfo.InvariantCulture, $"not before {stamp:u}, when the process had started that stamped the oldest of them"));
        }

        if (primary?.Cause is DriftCause.QueryLanguageShifted or DriftCause.QueryTopicsShifted or DriftCause.QuerySideUpgraded && pattern.Data?.Day is { } day)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"seen in the queries of {day:yyyy-MM-dd}"));
        if (LastGood(pattern, primary) is { } good)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"after the last good check, {good:u}"));
        return parts.Count > 0 ? string.Join("; ", parts) : "no earlier check was good: it may have been so from the start";
    }

    /// <summary>When the detector that the cause stands on last found nothing; without a cause, the earliest such time of those that could not look or found something.</summary>
    private static DateTimeOffset? LastGood(DriftPattern pattern, Hypothesis? primary)
    {
        if (DetectorOf(pattern, primary) is { } detector)
            return LastGoodOf(pattern, detector);
        var times = pattern.Results.Where(result => result.Verdict >= DriftVerdict.Failed).Select(result => LastGoodOf(pattern, result.Detector)).ToList();
        return times.Count > 0 && times.TrueForAll(time => time is not null) ? times.Min() : null;
    }

    /// <summary>The detector that a cause was seen by.</summary>
    private static Detector? DetectorOf(DriftPattern pattern, Hypothesis? primary) => primary?.Cause switch
    {
        null or DriftCause.Unexplained => null,
        DriftCause.AliasRepointed or DriftCause.CollectionChanged => Detector.Schema,
        DriftCause.IndexMixed or DriftCause.IndexOfAnotherModel or DriftCause.BadVectors or DriftCause.TextEditedWithoutVector or DriftCause.ForeignWrites => Detector.Index,
        DriftCause.QuerySideUpgraded or DriftCause.DocumentsShifted or DriftCause.QueryLanguageShifted or DriftCause.QueryTopicsShifted => Detector.Data,
        DriftCause.LabelsStale or DriftCause.SearchDegraded => Detector.Quality,
        _ => pattern.Of(Detector.Model)?.Verdict >= DriftVerdict.Failed ? Detector.Model : Detector.Index,
    };

    private static DateTimeOffset? LastGoodOf(DriftPattern pattern, Detector detector) => pattern.LastGood.TryGetValue(detector, out var at) ? at : null;

    private static DateTimeOffset? FirstBad(DriftPattern pattern)
    {
        DateTimeOffset?[] times = [pattern.IndexPoints?.FirstBadWriter, pattern.IndexPoints?.Stamps?.FirstBadWriter];
        return times.Where(time => time is not null).Min();
    }
}
