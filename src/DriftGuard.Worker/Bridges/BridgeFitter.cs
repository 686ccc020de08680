using System.Globalization;
using System.Numerics.Tensors;
using DriftGuard.Core.Calibration;
using DriftGuard.Core.Embedding;
using DriftGuard.Core.Retrieval.Bridges;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Reports;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Bridges;

/// <summary>What is to be bridged.</summary>
/// <param name="Index">The index.</param>
/// <param name="Model">The new model, whose queries are to search the old collection.</param>
public sealed record BridgeRequest(string Index, string Model)
{
    /// <summary>The set that chooses and decides; null for the index' own.</summary>
    public string? CalibrationSet { get; init; }

    /// <summary>Pairs that are drawn.</summary>
    public int Pairs { get; init; } = BridgeRule.WantedPairs;

    /// <summary>Seed of the pairs and of the halves of the queries.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>Fits bridges: draws pairs, fits every kind of map, has labelled queries choose one and others decide on it.</summary>
internal sealed class BridgeFitter(
    ServingIndexReader indexes, ModelPool models, CalibrationSets sets, LabelReader labels, CollectionScorer scorer, OldScoresReader oldScores, BridgePairs pairs, BridgeStore store,
    DriftGuardOptions options, TimeProvider time)
{
    // As unit vectors leave a store of 32-bit floats, with room.
    private const double UnitTolerance = 1e-3;

    /// <summary>Fits a bridge and stores it, whatever its verdict; one that serves is in use from then on.</summary>
    /// <exception cref="OperatorException">There is nothing to bridge, or nothing to decide by.</exception>
    public async Task<BridgeReport> FitAsync(BridgeRequest request, Action<string, long, long>? progress, CancellationToken cancellation)
    {
        var index = await indexes.ReadAsync(request.Index, cancellation);
        var model = models.Get(request.Model);
        if (model.Fingerprint.Id == index.Fingerprint)
        {
            throw new OperatorException(OperatorError.Invalid, $"{request.Model} made the vectors of index '{request.Index}' and searches them without a bridge: name the model that is to come with --model");
        }

        var set = await SetAsync(request, index, cancellation);
        var old = await oldScores.ReadAsync(index, set, BridgeRule.Metric, cancellation);
        var known = set.Only(query => old.ByQuery.ContainsKey(query.Id));
        var both = await pairs.DrawAsync(index, model, request.Pairs, request.Seed, (done, all) => progress?.Invoke("embedding documents", done, all), cancellation);
        var unit = both.Stored.All(vector => Math.Abs(TensorPrimitives.Norm<float>(vector) - 1) <= UnitTolerance);
        var queries = await QueriesAsync(model, known, cancellation);

        var split = BridgeRule.Split(known, request.Seed);
        var (choosing, deciding) = (known.Only(query => split.First.Contains(query.Id)), known.Only(query => split.Second.Contains(query.Id)));
        var kinds = Enum.GetValues<MapKind>();
        progress?.Invoke("fitting", 0, kinds.Length);
        var (maps, values, means) = (new List<AffineMap>(), new List<IReadOnlyList<double>>(), new List<double>());
        foreach (var kind in kinds)
        {
            maps.Add(AffineMaps.Fit(kind, both.New, both.Stored));
            values.Add(await ScoreAsync(index, choosing, Mapped(maps[^1])));
            means.Add(MeanOf(values[^1]));
            progress?.Invoke("fitting", maps.Count, kinds.Length);
        }

        var chosen = BridgeRule.Choose(means);
        var decided = await ScoreAsync(index, deciding, Mapped(maps[chosen]));
        var decision = BridgeRule.Decide([.. deciding.Queries.Select(query => old.ByQuery[query.Id])], decided, deciding.Groups);
        var now = time.GetUtcNow();
        var report = new BridgeReport
        {
            Id = $"bridge-{Evaluator.NewId(request.Index)}",
            Index = request.Index,
            Collection = index.Collection,
            Vector = index.Definition.Vector,
            OldModel = index.RequireModel(),
            Fingerprint = index.Fingerprint!,
            Model = model.Spec.Name,
            ModelFingerprint = model.Fingerprint.Id,
            At = now,
            Until = now + options.Bridge.Longest,
            Kind = kinds[chosen],
            From = maps[chosen].From,
            To = maps[chosen].To,
            Unit = unit,
            Distance = DistanceOf(index),
            Digest = "",
            Pairs = both.Stored.Count,
            Seed = request.Seed,
            CalibrationSet = set.Name,
            Metric = BridgeRule.Metric.Name,
            Choosing = choosing.Queries.Count,
            Candidates = [.. kinds.Select((kind, i) => new BridgeCandidate(kind, means[i]))],
            OldEvaluation = old.Evaluation?.Id,
            OldMean = MeanOf(known.Queries.Select(query => old.ByQuery[query.Id])),
            UnmappedMean = model.Spec.Dimensions == maps[chosen].To ? MeanOf(await ScoreAsync(index, known, vector => vector)) : null,
            BridgeMean = MeanOf(values[chosen].Concat(decided)),
            Verdict = decision.Verdict,
            Decision = decision.Result,
            Notes = NotesOf(set, known, old),
        };
        report = report with { Digest = Bridge.DigestOf(report, Bridge.Write(maps[chosen])) };
        await store.AddAsync(report, maps[chosen], cancellation);
        return report;

        Func<float[], float[]> Mapped(AffineMap map) => vector => unit ? map.MapToUnit(vector) : map.Map(vector);

        async Task<IReadOnlyList<double>> ScoreAsync(ServingIndex of, CalibrationSet part, Func<float[], float[]> map)
        {
            var found = await scorer.SearchAsUsersAsync(
                of.Collection, of.Definition.Vector, DistanceOf(of), [.. part.Queries.Select(query => queries[query.Id] is { } vector ? map(vector) : null)],
                part, CollectionScorer.DepthOf([BridgeRule.Metric]), cancellation);
            return EvaluationFigures.Values(part, [BridgeRule.Metric], found)[0];
        }
    }

    /// <summary>The set, without queries of which a relevant document is gone: they would score less now than when the old model was asked.</summary>
    private async Task<CalibrationSet> SetAsync(BridgeRequest request, ServingIndex index, CancellationToken cancellation)
    {
        var set = sets.Load(request.CalibrationSet ?? index.Definition.CalibrationSet
            ?? throw new OperatorException(OperatorError.Invalid, $"index '{request.Index}' has no calibration set to decide by; name one with --calibration-set"));
        var (whole, stale) = await labels.IntactAsync(index.Collection, set, cancellation);
        if (whole.Queries.Count > 0)
        {
            return whole;
        }

        await labels.RequireAnyAsync(index.Collection, set, cancellation);
        throw new OperatorException(OperatorError.Inconclusive,
            $"inconclusive: of every query of calibration set '{set.Name}' a relevant document is missing in {index.Collection} ({stale.Missing} of {stale.Relevant} are). Label queries of documents that are there");
    }

    private static async Task<Dictionary<string, float[]?>> QueriesAsync(ITextEmbedder model, CalibrationSet set, CancellationToken cancellation)
    {
        var outcomes = await model.EmbedAsync([.. set.Queries.Select(query => query.Text)], InputKind.Query, cancellation);
        return set.Queries.Index().ToDictionary(query => query.Item.Id, query => outcomes[query.Index].Vector, StringComparer.Ordinal);
    }

    private static IReadOnlyList<string> NotesOf(CalibrationSet set, CalibrationSet known, OldScores old)
    {
        var notes = new List<string>(EvaluationSentence.NotesOnLabels(set));
        if (BridgeRule.NoteOn(known.Queries.Count) is { } few)
        {
            notes.Add(few);
        }

        if (old.Evaluation is { } then)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"the old model's figures are those of evaluation {then.Id} of {ReportText.Time(then.At)}{(known.Queries.Count < set.Queries.Count ? $", which lacks {set.Queries.Count - known.Queries.Count} of the queries" : "")}"));
        }

        return notes;
    }

    private static VectorDistance DistanceOf(ServingIndex index) => CollectionSchemas.DistanceOf(IndexVectors.Require(index.Definition.Vector, index.State).Distance);

    private static double MeanOf(IEnumerable<double> values)
    {
        var all = values.ToList();
        return all.Sum() / Math.Max(1, all.Count);
    }
}
