using DriftGuard.Core.Calibration;
using DriftGuard.Core.Gate;
using DriftGuard.Core.Gate.Attribution;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Retrieval;
using DriftGuard.Core.Statistics;
using DriftGuard.Core.Statistics.Slices;

namespace DriftGuard.Worker.Evaluation;

/// <summary>Two scored sides and everything that follows from comparing them, paired by query.</summary>
internal sealed class ComparedSides
{
    /// <summary>Random signs of tests that are for information.</summary>
    private const int Resamples = 9_999, Seed = 1;

    private const double Same = 1e-12;

    private ComparedSides(CalibrationSet set, IReadOnlyList<RetrievalMetric> metrics, ScoredSide old, ScoredSide @new, MatchesOrBeatsOptions options)
    {
        (Set, Metrics, Old, New) = (set, metrics, old, @new);
        var same = old.Fingerprint == @new.Fingerprint;
        Decision = Evaluator.Compare(set, metrics, old.Values, @new.Values, options, same);
        Exact = old.ExactValues is null || @new.ExactValues is null ? null : Evaluator.Compare(set, metrics, old.ExactValues, @new.ExactValues, options, same);
        Slices = Evaluator.CompareSlices(set, Decision, old.Values, @new.Values);
        Attributions = [.. metrics.Select((_, metric) => AttributionOf(metric, options))];
    }

    public CalibrationSet Set { get; }

    public IReadOnlyList<RetrievalMetric> Metrics { get; }

    public ScoredSide Old { get; }

    public ScoredSide New { get; }

    /// <summary>The metrics compared as users search.</summary>
    public MatchesOrBeatsDecision Decision { get; }

    /// <summary>The metrics compared by exact search; null where a side was not searched both ways.</summary>
    public MatchesOrBeatsDecision? Exact { get; }

    /// <summary>Each metric by slice as users search, in the order of the metrics; empty where the set declares none.</summary>
    public IReadOnlyList<SlicesResult> Slices { get; }

    /// <summary>What metrics and slices say together, as the gate takes them.</summary>
    public MatchesOrBeatsOutcome Outcome =>
        Decision.Outcome == MatchesOrBeatsOutcome.Fail || Slices.Any(slices => slices.Outcome == SlicesOutcome.Fail) ? MatchesOrBeatsOutcome.Fail
        : Decision.Outcome == MatchesOrBeatsOutcome.Inconclusive || Slices.Any(slices => slices.Outcome == SlicesOutcome.Inconclusive) ? MatchesOrBeatsOutcome.Inconclusive
        : MatchesOrBeatsOutcome.Pass;

    /// <summary>Whose the difference of each metric is; null where a side was not searched both ways.</summary>
    public IReadOnlyList<LossAttribution?> Attributions { get; }

    /// <summary>Compares two sides. Sides that were not searched alike are compared by exact search.</summary>
    /// <param name="set">The calibration set.</param>
    /// <param name="metrics">The metrics, in the order of the sides' values; at least one.</param>
    /// <param name="old">The side that serves, or the first.</param>
    /// <param name="new">The candidate, or the second.</param>
    /// <param name="options">The rule's options.</param>
    public static ComparedSides Of(CalibrationSet set, IReadOnlyList<RetrievalMetric> metrics, ScoredSide old, ScoredSide @new, MatchesOrBeatsOptions options)
    {
        var (left, right) = (old.ExactOnly, @new.ExactOnly) switch
        {
            (true, false) => (old, Exactly(@new)),
            (false, true) => (Exactly(old), @new),
            _ => (old, @new),
        };
        return new(set, metrics, left, right, options);
    }

    /// <summary>Slices as the gate looks at them: by exact search as well, where both sides were searched both ways.</summary>
    public IReadOnlyList<SliceEvidence> CompareSlicesBothWays()
    {
        var exact = Exact is null ? [] : Evaluator.CompareSlices(Set, Decision, Old.ExactValues!, New.ExactValues!);
        return [.. Slices.Select((slices, metric) => new SliceEvidence(Metrics[metric].Name, slices, exact.ElementAtOrDefault(metric)))];
    }

    /// <summary>One metric with everything that is told of it.</summary>
    public ComparedMetric Metric(int metric)
    {
        var groups = Set.Groups;
        return new(Metrics[metric].Name, Decision.Metrics[metric].Result)
        {
            Exact = Exact?.Metrics[metric].Result,
            SignFlip = groups.Count == 0 ? null : SignFlipTest.TwoSided(ByGroup(Differences(metric), groups), Resamples, Seed),
            Attribution = Attributions[metric],
        };
    }

    private LossAttribution? AttributionOf(int metric, MatchesOrBeatsOptions options) => Old.ExactValues is { } old && New.ExactValues is { } now
        ? LossAttribution.Of((Old.Values[metric], old[metric]), (New.Values[metric], now[metric]), Set.Groups, options.Epsilon, options.Alpha)
        : null;

    /// <summary>new - old of a metric for each query.</summary>
    public double[] Differences(int metric) => [.. New.Values[metric].Zip(Old.Values[metric], (now, then) => now - then)];

    private static ScoredSide Exactly(ScoredSide side) => side.ExactValues is null ? side : side with
    {
        Values = side.ExactValues,
        Found = side.FoundExactly ?? side.Found,
        ExactValues = null,
        ExactOnly = true,
    };

    /// <summary>Groups whose queries' differences add up to something: the others have nothing to flip.</summary>
    private static double[] ByGroup(double[] differences, IReadOnlyList<int> groups) =>
        [.. differences.Zip(groups).GroupBy(query => query.Second, query => query.First).Select(group => group.Sum()).Where(sum => Math.Abs(sum) > Same)];
}
