using System.Globalization;
using DriftGuard.Core.Calibration.Thresholds;
using DriftGuard.Core.Embedding;
using DriftGuard.Core.Gate;
using DriftGuard.Core.Retrieval;
using DriftGuard.Core.Statistics.Thresholds;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Calibration.Thresholds;

/// <summary>Learns the similarities that applications of an index cut at, keeps them with the model's fingerprint, and tells them.</summary>
public sealed class ThresholdService
{
    private const int LongestName = 64;

    private readonly ServingIndexReader indexes;
    private readonly ModelPool models;
    private readonly PairSource pairs;
    private readonly ThresholdStore store;
    private readonly ThresholdTransfer transfer;
    private readonly TimeProvider time;

    internal ThresholdService(ServingIndexReader indexes, ModelPool models, PairSource pairs, ThresholdTransfer transfer, ThresholdStore store, TimeProvider time)
    {
        (this.indexes, this.models, this.pairs, this.transfer, this.store, this.time) = (indexes, models, pairs, transfer, store, time);
    }

    /// <summary>Learns a threshold from labelled pairs and stores it.</summary>
    /// <param name="target">Index, model and name.</param>
    /// <param name="request">The pairs.</param>
    /// <param name="options">Method, alpha and seed; its slices are those that the pairs declare.</param>
    /// <param name="keep">False stores nothing.</param>
    /// <param name="progress">Told of texts embedded, and of all there are.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="OperatorException">There is no such index, set or file, or nothing says which pairs are positive.</exception>
    public async Task<ThresholdOutcome> LearnAsync(
        ThresholdTarget target, PairRequest request, ThresholdOptions options, bool keep, Action<long, long>? progress, CancellationToken cancellation)
    {
        var (index, model) = await FindAsync(target, cancellation);
        var source = pairs.Load(index, request);
        var labels = PairLabels.Of(source.Pairs, source.Rules, out var problem) ?? throw new OperatorException(OperatorError.Invalid, $"{source.Title}: {problem}");
        int[] labelled = [.. Enumerable.Range(0, source.Pairs.Count).Where(i => labels.Labels[i] is not null)];
        var kinds = source.Rules.Kinds ?? PairKinds.DocumentDocument;
        var scores = await PairScorer.ScoreAsync(model, [.. labelled.Select(i => source.Pairs[i])], kinds, progress, cancellation);
        var counts = scores.Count(labels.Between) with { Pairs = source.Pairs.Count };

        // Groups of all pairs: two that share no text may hang together by one that lies between.
        var groups = PairGroups.Of(source.Pairs);
        List<ScoredPair> scored =
        [
            .. labelled.Index().Where(entry => scores.Scores[entry.Index] is not null)
                .Select(entry => new ScoredPair(scores.Scores[entry.Index]!.Value, labels.Labels[entry.Item]!.Value, groups[entry.Item], source.Pairs[entry.Item].Fields)),
        ];
        if (ThresholdLearner.Learn(scored, options with { Slices = source.Rules.Slices }, out var missing) is not { } learned)
        {
            return new(null, false, $"{source.Title}: {(source.Pairs.Count == 0 ? "no labelled pairs (add pairs.tsv to it, or name a file with --pairs); " : "")}{missing}", counts);
        }

        return await DoneAsync(New(target, model, learned.Cut, kinds, options.Method) with
        {
            Alpha = options.Method == ThresholdMethod.Conformal ? options.Alpha : null,
            Interval = learned.Interval,
            Set = source.Name,
            Seed = options.Seed,
            Pairs = counts,
            Learned = learned,
        }, keep, cancellation);
    }

    /// <summary>
    /// Carries the serving model's threshold over to another model by equal shares, whatever the labels, on pairs that both score; without a
    /// file of pairs on the set's queries with their relevant documents and others at random. It is provisional.
    /// </summary>
    /// <inheritdoc cref="LearnAsync"/>
    public async Task<ThresholdOutcome> CarryOverAsync(
        ThresholdTarget target, PairRequest request, int seed, bool keep, Action<long, long>? progress, CancellationToken cancellation)
    {
        var (index, model) = await FindAsync(target, cancellation);
        var carried = await transfer.CarryAsync(index, model, target.Name, request, seed, progress, cancellation);
        return carried.Cut is not { } cut
            ? new(null, false, carried.Missing, carried.Pairs)
            : await DoneAsync(New(target, model, cut, carried.Kinds, ThresholdMethod.QuantileMatching) with
            {
                Provisional = true,
                Interval = carried.Interval,
                Set = carried.Set,
                Seed = seed,
                Pairs = carried.Pairs,
                Matched = carried.Matched,
            }, keep, cancellation);
    }

    /// <summary>Records a threshold that is in use already, so that a change of model has to say what becomes of it.</summary>
    /// <param name="target">Index, model and name.</param>
    /// <param name="value">The number; scores from it on are accepted.</param>
    /// <param name="kinds">As what the texts are embedded.</param>
    /// <param name="keep">False stores nothing.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="OperatorException">There is no such index, or the number is no similarity of its model.</exception>
    public async Task<ThresholdOutcome> StateAsync(ThresholdTarget target, double value, PairKinds kinds, bool keep, CancellationToken cancellation)
    {
        var (_, model) = await FindAsync(target, cancellation);
        if (WhyNoSimilarity(value, model.Spec.Distance) is { } why)
        {
            throw new OperatorException(OperatorError.Invalid, string.Create(CultureInfo.InvariantCulture, $"{value} is no threshold for {model.Spec.Name}: {why}"));
        }

        return await DoneAsync(New(target, model, new(value, CutRule.AtOrAbove), kinds, ThresholdMethod.Stated), keep, cancellation);
    }

    /// <summary>Records that a threshold is not in use any more; under a candidate: that it will not be.</summary>
    /// <exception cref="OperatorException">There is no such index, or neither this model nor the serving one has the threshold.</exception>
    public async Task<ThresholdOutcome> WithdrawAsync(ThresholdTarget target, bool keep, CancellationToken cancellation)
    {
        var (index, model) = await FindAsync(target, cancellation);
        var known = await store.ListAsync(target.Index, model.Fingerprint.Id, cancellation);
        if (index.Fingerprint is { } serving && serving != model.Fingerprint.Id)
        {
            known = [.. known, .. await store.ListAsync(target.Index, serving, cancellation)];
        }

        var last = known.FirstOrDefault(t => t.Name == target.Name) ?? throw new OperatorException(OperatorError.NotFound,
            $"index '{target.Index}' has no threshold '{target.Name}' to withdraw; known: {(known.Count == 0 ? "none" : string.Join(", ", known.Select(t => t.Name).Distinct(StringComparer.Ordinal)))}");
        return await DoneAsync(New(target, model, last.ToCut(), last.Kinds, ThresholdMethod.Withdrawn), keep, cancellation);
    }

    /// <summary>The thresholds of an index under a model.</summary>
    /// <param name="index">The index.</param>
    /// <param name="fingerprint">The model's fingerprint; null for the one that serves.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="OperatorException">There is no such index, or it cannot be read which model serves it.</exception>
    public async Task<ServedThresholds> ServedAsync(string index, string? fingerprint, CancellationToken cancellation)
    {
        var serving = await indexes.ReadAsync(index, cancellation);
        var servingModel = serving.RequireModel();
        var asked = fingerprint ?? serving.Fingerprint ?? throw new OperatorException(OperatorError.Conflict, $"collection {serving.Collection} does not say which model made its vectors");
        var thresholds = await store.ListAsync(index, asked, cancellation);
        return new(
            index, asked == serving.Fingerprint ? servingModel : thresholds.Select(t => t.Model).LastOrDefault(), asked, asked == serving.Fingerprint,
            [.. thresholds.Select(ServedThreshold.Of)]);
    }

    /// <inheritdoc cref="ServedAsync(string, string?, CancellationToken)"/>
    /// <param name="target">The index, and the model by name.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<ServedThresholds> ServedAsync(ThresholdTarget target, CancellationToken cancellation)
    {
        if (target.Model is null)
        {
            return await ServedAsync(target.Index, fingerprint: null, cancellation);
        }

        var model = models.Get(target.Model);
        return await ServedAsync(target.Index, model.Fingerprint.Id, cancellation) with { Model = model.Spec.Name };
    }

    /// <summary>Every threshold that was stored for an index, whatever the model, newest first.</summary>
    /// <exception cref="OperatorException">There is no such index.</exception>
    public async Task<IReadOnlyList<Threshold>> HistoryAsync(string index, CancellationToken cancellation)
    {
        await indexes.DefinitionAsync(index, cancellation);
        return await store.HistoryAsync(index, cancellation);
    }

    /// <summary>What a change of model has to carry over; null where the index has no threshold.</summary>
    public Task<ThresholdEvidence?> NeededAsync(string index, Fingerprint from, Fingerprint to, string model, CancellationToken cancellation) =>
        store.EvidenceAsync(index, from.Id, to.Id, model, cancellation);

    private async Task<(ServingIndex Index, ITextEmbedder Model)> FindAsync(ThresholdTarget target, CancellationToken cancellation)
    {
        if (target.Name.Length is 0 or > LongestName || !target.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            throw new OperatorException(OperatorError.Invalid, $"'{target.Name}' is no name of a threshold: expected 1 to {LongestName} letters, digits, '-', '_' or '.'");
        }

        var index = await indexes.ReadAsync(target.Index, cancellation);
        return (index, target.Model is null ? models.Get(index.RequireModel(), index.Fingerprint) : models.Get(target.Model));
    }

    private Threshold New(ThresholdTarget target, ITextEmbedder model, Cut cut, PairKinds kinds, ThresholdMethod method) => new()
    {
        Name = target.Name,
        Index = target.Index,
        Model = model.Spec.Name,
        Fingerprint = model.Fingerprint.Id,
        Value = cut.Value,
        Accept = cut.Rule,
        Similarity = Similarity.NameOf(model.Spec.Distance),
        Kinds = kinds,
        Method = method,
        Provisional = false,
        At = time.GetUtcNow(),
    };

    private async Task<ThresholdOutcome> DoneAsync(Threshold threshold, bool keep, CancellationToken cancellation)
    {
        if (keep)
        {
            await store.AddAsync(threshold, cancellation);
        }

        return new(threshold, keep, null, threshold.Pairs);
    }

    private static string? WhyNoSimilarity(double value, VectorDistance distance) =>
        !double.IsFinite(value) ? "expected a finite number"
        : distance == VectorDistance.Cosine && Math.Abs(value) > 1 ? "it is compared by cosine, which goes from -1 to 1"
        : distance.IsNearerWhenLess() && value > 0 ? "it is compared by a distance, and thresholds are negated distances, where more means more alike: expected 0 or less"
        : null;
}
