using System.Globalization;
using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Thresholds;
using DriftGuard.Core.Statistics.Thresholds;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Calibration.Thresholds;

/// <summary>What carrying a threshold over gave.</summary>
/// <param name="Cut">The threshold under the other model; null where pairs are missing.</param>
/// <param name="Missing">What is missing; null where there is a threshold.</param>
/// <param name="Kinds">As what the texts are embedded.</param>
/// <param name="Pairs">The pairs that were looked at.</param>
internal sealed record CarriedThreshold(Cut? Cut, string? Missing, PairKinds Kinds, PairCounts Pairs)
{
    /// <summary>Where it may as well have come out; null where that is not known.</summary>
    public BootstrapInterval? Interval { get; init; }

    /// <summary>The calibration set, or the file of pairs.</summary>
    public string? Set { get; init; }

    /// <summary>What it was carried over from.</summary>
    public MatchedThreshold? Matched { get; init; }
}

/// <summary>Carries the serving model's threshold over to another model by equal shares of pairs that both score, whatever their labels.</summary>
internal sealed class ThresholdTransfer(ModelPool models, PairSource pairs, DrawnPairs drawn, ThresholdStore store)
{
    /// <exception cref="OperatorException">There is nothing to carry over, or the pairs are none of its kind.</exception>
    public async Task<CarriedThreshold> CarryAsync(
        ServingIndex index, ITextEmbedder model, string name, PairRequest request, int seed, Action<long, long>? progress, CancellationToken cancellation)
    {
        var old = models.Get(index.RequireModel(), index.Fingerprint);
        if (model.Fingerprint == old.Fingerprint)
        {
            throw new OperatorException(OperatorError.Invalid,
                $"{old.Spec.Name} serves index '{index.Definition.Name}' already: a provisional threshold is carried over to another model; name it with --model");
        }

        var known = await store.ListAsync(index.Definition.Name, old.Fingerprint.Id, cancellation);
        var from = known.FirstOrDefault(t => t.Name == name) ?? throw new OperatorException(OperatorError.NotFound,
            $"index '{index.Definition.Name}' has no threshold '{name}' for {old.Spec.Name} to carry over (known: {(known.Count == 0 ? "none" : string.Join(", ", known.Select(t => t.Name)))}). "
            + $"Learn it for {model.Spec.Name} without --provisional, or state the number in use first: driftguard calibration thresholds {index.Definition.Name} --name {name} --set VALUE");
        if (request.Kinds is { } kinds && kinds != from.Kinds)
        {
            throw new OperatorException(OperatorError.Invalid, $"threshold '{from.Name}' cuts {ThresholdJson.Word(from.Kinds)} scores: it cannot be carried over to {ThresholdJson.Word(kinds)} ones");
        }

        var source = pairs.Load(index, request);
        var both = source is { Pairs.Count: 0, Set: { } set } ? await DrawAsync(index, from, set, seed, cancellation) : source.Pairs;
        var before = await PairScorer.ScoreAsync(old, both, from.Kinds, (done, all) => progress?.Invoke(done, 2 * all), cancellation);
        var after = await PairScorer.ScoreAsync(model, both, from.Kinds, (done, all) => progress?.Invoke(all + done, 2 * all), cancellation);
        var counts = new PairScores(before.Scores, before.Failures.Concat(after.Failures).DistinctBy(failure => failure.Key).ToDictionary(failure => failure.Key, failure => failure.Value)).Count(between: 0);
        int[] scored = [.. Enumerable.Range(0, both.Count).Where(i => before.Scores[i] is not null && after.Scores[i] is not null)];
        if (scored.Length < QuantileMatching.LeastPairs)
        {
            return Missing(from, counts, string.Create(CultureInfo.InvariantCulture,
                $"{source.Title}: {scored.Length} pairs scored by both models where {QuantileMatching.LeastPairs} are needed, add {QuantileMatching.LeastPairs - scored.Length}; "
                + $"any texts of the domain will do, whatever their labels"));
        }

        double[] oldScores = [.. scored.Select(i => before.Scores[i]!.Value)], newScores = [.. scored.Select(i => after.Scores[i]!.Value)];
        var accepted = oldScores.Count(from.ToCut().Accepts);
        if (Math.Min(accepted, scored.Length - accepted) < QuantileMatching.LeastOnEachSide || QuantileMatching.Match(oldScores, newScores, from.ToCut()) is not { } cut)
        {
            return Missing(from, counts, string.Create(CultureInfo.InvariantCulture,
                $"{source.Title}: threshold '{from.Name}' ({from.Value:0.0000}) accepts {accepted} of the {scored.Length} pairs under {old.Spec.Name}, and its place among them is known only "
                + $"with {QuantileMatching.LeastOnEachSide} or more on each side; give other pairs with --pairs"));
        }

        int[] groups = [.. PairGroups.Of([.. scored.Select(i => both[i])])];
        var interval = GroupBootstrap.Interval(groups, seed, GroupBootstrap.DefaultResamples, positions =>
            QuantileMatching.Match([.. positions.Select(i => oldScores[i])], [.. positions.Select(i => newScores[i])], from.ToCut())?.Value);
        return new(cut, null, from.Kinds, counts)
        {
            Interval = interval,
            Set = source.Name,
            Matched = new(old.Spec.Name, old.Fingerprint.Id, from.Value, from.Provisional, scored.Length, newScores.Count(cut.Accepts), Drawn: source.Pairs.Count == 0),
        };
    }

    private static CarriedThreshold Missing(Threshold from, PairCounts counts, string what) => new(null, what, from.Kinds, counts);

    private Task<IReadOnlyList<LabelledPair>> DrawAsync(ServingIndex index, Threshold from, CalibrationSet set, int seed, CancellationToken cancellation) => from.Kinds == PairKinds.QueryDocument
        ? drawn.DrawAsync(index, set, seed, cancellation)
        : throw new OperatorException(OperatorError.Invalid,
            $"threshold '{from.Name}' cuts {ThresholdJson.Word(from.Kinds)} scores, and calibration set '{set.Name}' has no pairs.tsv: a query and a document are no such pair. Give pairs of such texts with --pairs, whatever their labels");
}
