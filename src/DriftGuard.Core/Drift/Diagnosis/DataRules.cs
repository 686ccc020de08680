using DriftGuard.Core.Drift.Findings;
using static DriftGuard.Core.Drift.Diagnosis.DriftPattern;

namespace DriftGuard.Core.Drift.Diagnosis;

/// <summary>Causes that lie in what is asked and what is stored.</summary>
internal static class DataRules
{
    /// <summary>The least rise of a language's share that is named, and the least part of what is poorly covered that it must account for.</summary>
    private const double LanguageRise = .05, PartOfExcess = .5;

    public static IEnumerable<Hypothesis> Of(DriftPattern pattern)
    {
        if (pattern.Data is not { } data || !pattern.Drifts(Detector.Data))
            yield break;
        if (Queries(pattern, data) is { } queries)
            yield return queries;
        if (pattern.IndexPoints?.Mismatches is { IsSuspicious: true })
            yield break; // Vectors of another model lie elsewhere, whatever the documents are about.
        if (data.Documents is { } documents && documents.Verdict.IsDrift())
        {
            yield return new(
                DriftCause.DocumentsShifted, Certainty.Likely, $"the documents of '{pattern.Index}' are about other things than when the baseline was taken",
                $"judge queries on the new topics into the calibration set, then 'driftguard drift baseline {pattern.Index}'; the model and the vectors are as they were",
                [DataSentences.Of(documents), .. data.NewDocuments.Count > 0 ? [$"the least like before: {string.Join(", ", data.NewDocuments)}"] : Array.Empty<string>()]);
        }
    }

    private static Hypothesis? Queries(DriftPattern pattern, DataFindings data)
    {
        var evidence = Evidence(data).ToList();
        var ownFails = data.OwnModel is { Compared: > 0 } own && own.Reproduced <= .5 * own.Compared;
        if (ownFails || data.ForeignFingerprints.Count > 0 || (data.Displacement is { IsAnotherSpace: true } && data.OwnModel is not { Explains: true }))
        {
            return new(
                DriftCause.QuerySideUpgraded, ownFails || data.ForeignFingerprints.Count > 0 ? Certainty.Certain : Certainty.Likely,
                $"queries of '{pattern.Index}' are embedded with another model than its documents: searches compare vectors of two spaces",
                $"set the applications' query model back to {pattern.Model?.Model ?? "the index' own"} now; then change it for both sides at once: 'driftguard rollout start {pattern.Index} --to NAME'",
                evidence);
        }

        if (data.Queries?.Verdict.IsDrift() != true)
            return null;
        var excess = data.Queries.Today?.Coverage.Effect ?? 0;
        if (data.Languages.Where(l => l.Now - l.Before >= Math.Max(LanguageRise, PartOfExcess * excess)).MaxBy(l => l.Now - l.Before) is { } language)
        {
            return new(
                DriftCause.QueryLanguageShifted, Certainty.Likely,
                $"queries of '{pattern.Index}' are in other languages than before: {language.Language} rose from {Percent(language.Before)} to {Percent(language.Now)}",
                "judge queries of that language into the calibration set, score the index by it, and consider a multilingual model; the index is as it was", evidence);
        }

        return new(
            DriftCause.QueryTopicsShifted, Certainty.Likely, $"queries of '{pattern.Index}' are about other things than before, and find less",
            $"look at the day's queries that find nothing; add documents, or judge them into the calibration set. The alarm ends when such days are among the past ones that a day is compared with", evidence);
    }

    private static IEnumerable<string> Evidence(DataFindings data)
    {
        if (data.OwnModel is { } own)
            yield return $"the index' model gives back {own.Reproduced} of {own.Compared} query vectors from their texts (median distance {Number(own.MedianDistance)})";
        foreach (var (fingerprint, queries) in data.ForeignFingerprints)
            yield return $"{queries} queries say that fingerprint {fingerprint[..Math.Min(8, fingerprint.Length)]} made them";
        if (data.Displacement is { } away)
            yield return $"{Percent(away.BelowThreshold)} of the day's queries find less than 95 % of the baseline's did; median best score {Number(away.MedianBestScore)}, {Number(away.BaselineMedian)} before; cosine of the mean queries {Number(away.CentroidCosine)}";
        if (data.Queries is { } queriesOfDay)
            yield return DataSentences.Of(queriesOfDay);
        if (data.Languages.Count > 0)
            yield return $"languages: {string.Join(", ", data.Languages.Take(4).Select(l => $"{l.Language} {Percent(l.Before)} -> {Percent(l.Now)}"))}";
    }
}
