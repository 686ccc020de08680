using DriftGuard.Core.Calibration;
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

    private readonly MatchesOrBeatsOptions options;

    private ComparedSides(CalibrationSet set, IReadOnlyList<RetrievalMetric> metrics, ScoredSide old, ScoredSide @new, MatchesOrBeatsOptions options)
    {
        (Set, Metrics, Old, New, this.options) = (set, metrics, old, @new, options);
        var same = old.Fingerprint == @new.Fingerprint;
        Decision = Evaluator.Compare(set, metrics, old.Values, @new.Values, options, same);
        Exact = old.ExactValues is null || @new.ExactValues is null ? null : Evaluator.Compare(set, metrics, old.ExactValues, @new.ExactValues, options, same);
        Slices = Evaluator.CompareSlices(set, Decision, old.Values[0], @new.Values[0]);
    }

    public CalibrationSet Set { get; }

    public IReadOnlyList<RetrievalMetric> Metrics { get; }

    public ScoredSide Old { get; }

    public ScoredSide New { get; }

    /// <summary>The metrics compared as users search.</summary>
    public MatchesOrBeatsDecision Decision { get; }

    /// <summary>The metrics compared by exact search; null where a side was not searched both ways.</summary>
    public MatchesOrBeatsDecision? Exact { get; }

    /// <summary>The first metric by slice; null where the set declares none.</summary>
    public SlicesResult? Slices { get; }

    /// <summary>What metrics and slices say together, as the gate takes them.</summary>
    public MatchesOrBeatsOutcome Outcome => (Decision.Outcome, Slices?.Outcome) switch
    {
        (MatchesOrBeatsOutcome.Fail, _) or (_, SlicesOutcome.Fail) => MatchesOrBeatsOutcome.Fail,
        (MatchesOrBeatsOutcome.Inconclusive, _) or (_, SlicesOutcome.Inconclusive) => MatchesOrBeatsOutcome.Inconclusive,
        _ => MatchesOrBeatsOutcome.Pass,
    };

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

    /// <summary>One metric with everything that is told of it.</summary>
    public ComparedMetric Metric(int metric)
    {
        var groups = Set.Groups;
        return new(Metrics[metric].Name, Decision.Metrics[metric].Result)
        {
            Exact = Exact?.Metrics[metric].Result,
            SignFlip = groups.Count == 0 ? null : SignFlipTest.TwoSided(ByGroup(Differences(metric), groups), Resamples, Seed),
            Attribution = Old.ExactValues is { } old && New.ExactValues is { } now
                ? LossAttribution.Of((Old.Values[metric], old[metric]), (New.Values[metric], now[metric]), groups, options.Epsilon, options.Alpha)
                : null,
        };
    }

    /// <summary>new - old of a metric for each query.</summary>
    public double[] Differences(int metric) => [.. New.Values[metric].Zip(Old.Values[metric], (now, then) => now - then)];

    private static ScoredSide Exactly(ScoredSide side) => side.ExactValues is null ? side : side with { Values = side.ExactValues, ExactValues = null, ExactOnly = true };

    /// <summary>Groups whose queries' differences add up to something: the others have nothing to flip.</summary>
    private static double[] ByGroup(double[] differences, IReadOnlyList<int> groups) =>
        [.. differences.Zip(groups).GroupBy(query => query.Second, query => query.First).Select(group => group.Sum()).Where(sum => Math.Abs(sum) > Same)];
}
