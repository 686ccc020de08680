using System.Globalization;
using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Splitting;
using DriftGuard.Core.Gate.MatchesOrBeats;

namespace DriftGuard.Core.Retrieval.Bridges;

/// <summary>What follows from what a bridge loses.</summary>
public enum BridgeVerdict
{
    /// <summary>It loses less than <see cref="BridgeRule.Margin"/>, as far as can be told: it may serve.</summary>
    Serves,

    /// <summary>It loses more, or so nearly that more queries would not settle it.</summary>
    Refused,

    /// <summary>There are too few queries, or groups of them, to tell.</summary>
    Inconclusive,
}

/// <summary>Whether a bridge may serve, with the figures that it rests on.</summary>
/// <param name="Verdict">What follows.</param>
/// <param name="Result">The bridge compared with the old model's own queries.</param>
public sealed record BridgeDecision(BridgeVerdict Verdict, MatchesOrBeatsResult Result);

/// <summary>
/// Which of several maps serves, and whether it does: labels choose on one half of the queries and decide on the other. How near mapped vectors
/// come to held-out documents chooses badly: it lost up to .205 of recall, labels .010.
/// </summary>
public static class BridgeRule
{
    /// <summary>Pairs of vectors that a map is fitted on, where there are so many.</summary>
    public const int WantedPairs = 4_000;

    /// <summary>With fewer pairs no map is fitted.</summary>
    public const int LeastPairs = 1_000;

    /// <summary>The loss of capped recall@10 that a bridge must stay below: old results beat none, and it serves for a while only.</summary>
    public const double Margin = .05;

    /// <summary>Labelled queries that are wanted, half to choose and half to decide: with a quarter, a bridge that loses .012 is served in 13 cases of 100, with these in 72.</summary>
    public const int WantedQueries = 400;

    /// <summary>What is measured.</summary>
    public static RetrievalMetric Metric => RetrievalMetric.CappedRecallAt10;

    /// <summary>Divides the queries into those that choose and those that decide; groups stay whole, and slices keep their shares.</summary>
    /// <param name="set">The calibration set.</param>
    /// <param name="seed">Seed of the draw.</param>
    public static CalibrationSplit Split(CalibrationSet set, int seed)
    {
        ArgumentNullException.ThrowIfNull(set);
        return CalibrationSplit.Of(set, .5, seed, [.. set.Header.Slices.Select(slice => slice.Field)]);
    }

    /// <summary>The candidate whose queries find most; of equal ones the first.</summary>
    /// <param name="means">The mean of <see cref="Metric"/> over the queries that choose, of each candidate.</param>
    /// <exception cref="ArgumentException">There is no candidate, or a mean is no number.</exception>
    public static int Choose(IReadOnlyList<double> means)
    {
        ArgumentNullException.ThrowIfNull(means);
        if (means.Count == 0 || means.Any(mean => !double.IsFinite(mean)))
        {
            throw new ArgumentException($"means of candidates are {string.Join(", ", means)}: expected one number at least, and numbers only", nameof(means));
        }

        var best = 0;
        for (var i = 1; i < means.Count; i++)
        {
            best = means[i] > means[best] ? i : best;
        }

        return best;
    }

    /// <summary>Whether a bridge may serve: the lower bound of what it changes lies above -<see cref="Margin"/>.</summary>
    /// <param name="old">The metric of each query that decides, by the old model.</param>
    /// <param name="bridge">The same through the bridge.</param>
    /// <param name="groups">The group of each query.</param>
    /// <exception cref="ArgumentException">Lists of different length, or a value that is not a number in [0, 1].</exception>
    public static BridgeDecision Decide(IReadOnlyList<double> old, IReadOnlyList<double> bridge, IReadOnlyList<int> groups)
    {
        // Worse is what is surely worse than the margin: a loss within it is what a bridge is for.
        var result = MatchesOrBeatsRule.Compare(old, bridge, groups, new() { Margin = Margin, Epsilon = Margin });
        var verdict = result.Verdict switch
        {
            MatchesOrBeatsVerdict.Better or MatchesOrBeatsVerdict.Matches => BridgeVerdict.Serves,
            MatchesOrBeatsVerdict.Worse => BridgeVerdict.Refused,
            _ => result.MoreQueriesWillNotSettleIt ? BridgeVerdict.Refused : BridgeVerdict.Inconclusive,
        };
        return new(verdict, result);
    }

    /// <summary>What is to be said of so few queries; null where there are as many as are wanted.</summary>
    public static string? NoteOn(int queries) => queries >= WantedQueries ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"{queries} labelled queries choose and decide, where {WantedQueries} are wanted: a bridge that is good enough is often not seen to be. Label more with 'driftguard calibration add'");
}
