using System.Numerics.Tensors;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Findings;
using DriftGuard.Core.Drift.Queries;
using DriftGuard.Core.Embedding;
using DriftGuard.State;
using DriftGuard.Worker.Drift.Baselines;
using DriftGuard.Worker.Drift.Checks;
using DriftGuard.Worker.Drift.Origins;

namespace DriftGuard.Worker.Drift.Queries;

/// <summary>Are queries embedded with the model of the index? By what they say, by their texts where those are kept, and by where they lie.</summary>
internal static class QuerySideCheck
{
    /// <summary>Texts that are embedded again.</summary>
    private const int MostTexts = 32;

    /// <summary>Queries without which their place says nothing.</summary>
    private const int FewestQueries = 50;

    /// <summary>Queries under another fingerprint that count: a few may come from a client that is just being restarted.</summary>
    private const int FewestForeign = 5;
    private const double ForeignShare = .01;

    /// <summary>How far a query's vector may lie off where applications embed in batches: more than any batch does, less than another model or prefix.</summary>
    private const double QuantisedTolerance = .06, Tolerance = .005;

    /// <summary>How many of a day's kept query texts the index' model turns into the vectors that they searched with; null where there are none.</summary>
    public static async Task<VariantFit?> ReproduceAsync(DriftSubject subject, IReadOnlyList<QueryObservation> queries, CancellationToken cancellation)
    {
        if (subject.Model is not { Embedder: { } model, IsExpected: true, Expected: var fingerprint })
        {
            return null;
        }

        // Those that say another fingerprint are counted by what they say: before a cutover it was right.
        var known = queries.Where(query => query.Text is not null && query.Fingerprint == fingerprint).Take(MostTexts).ToList();
        if (known.Count == 0)
        {
            return null;
        }

        var tolerance = model.IsDynamicallyQuantised ? QuantisedTolerance : Tolerance;
        var stored = known.ConvertAll(query => new StoredText(query.Key, query.Text!, query.Vector, tolerance) { Kind = InputKind.Query });
        var made = await model.EmbedAsync([.. known.Select(query => query.Text!)], InputKind.Query, cancellation);
        var distances = StoredVectors.Distances(stored, made, lengthsMatter: false).Where(distance => !double.IsNaN(distance)).Order().ToList();
        return distances.Count == 0 ? null : new(
            subject.Model.Name, "model", "the index' own model", distances.Count, distances.Count(distance => distance <= tolerance), distances[distances.Count / 2]);
    }

    /// <summary>How far a day's queries lie from the baseline's; null where there are too few.</summary>
    public static QueryDisplacement? Displacement(DayOfQueries day, QuerySample baseline)
    {
        // The queries of a calibration set are not what people ask: what lies elsewhere may just be people.
        if (day.Queries.Count < FewestQueries || baseline.Baseline.Vectors.Count < FewestQueries || baseline.Source != QuerySample.Observed)
        {
            return null;
        }

        var scores = day.Queries.Select(query => query.BestScore).Order().ToList();
        var cosine = TensorPrimitives.CosineSimilarity<float>(Mean([.. day.Queries.Select(query => query.Vector)]), Mean(baseline.Baseline.Vectors));
        return float.IsFinite(cosine)
            ? new(cosine, scores.Count(score => score < baseline.Baseline.CoverageThreshold) / (double)scores.Count, scores[scores.Count / 2], baseline.MedianBestScore)
            : null;
    }

    /// <summary>What follows for the query side alone; nothing is said where nothing points there.</summary>
    public static (DriftVerdict Verdict, string Sentence) Judge(DataFindings findings, QueryDays? days, string fingerprint, DriftBaseline baseline)
    {
        if (findings.OwnModel is { Compared: >= 4 } own && own.Reproduced <= .5 * own.Compared)
        {
            return (DriftVerdict.Confirmed, $"the index' model gives back {own.Reproduced} of {own.Compared} query vectors from their texts");
        }

        if (findings.ForeignFingerprints.Values.Sum() is var foreign && foreign >= FewestForeign && foreign >= ForeignShare * days!.Today.Queries.Count)
        {
            return (DriftVerdict.Confirmed, $"{foreign} queries of {findings.Day:yyyy-MM-dd} were embedded under another fingerprint");
        }

        if (findings.Displacement is not { IsAnotherSpace: true } || findings.OwnModel is { Explains: true })
        {
            return (DriftVerdict.None, "");
        }

        var confirmed = days?.Confirming is { } other && baseline.Queries is { } queries && Displacement(QueryDays.Under(fingerprint, other), queries) is { IsAnotherSpace: true };
        return (confirmed ? DriftVerdict.Confirmed : DriftVerdict.Suspected, "the day's queries lie in another space than the baseline's");
    }

    private static float[] Mean(IReadOnlyList<float[]> vectors)
    {
        var mean = new float[vectors[0].Length];
        foreach (var vector in vectors)
        {
            TensorPrimitives.Add(mean, vector, mean);
        }

        return mean;
    }
}
