using DriftGuard.Core.Statistics;

namespace DriftGuard.Core.Gate.MatchesOrBeats;

/// <summary>
/// Whether the new side matches or beats the old one on one metric, paired by query. An equal candidate passes where there are queries
/// enough to tell, and a loss of the margin passes in about one case of twenty at most, also where queries are few or move together.
/// </summary>
public static class MatchesOrBeatsRule
{
    /// <summary>Fewer groups than this cannot show a match: where harm sits in few groups, no variance estimate finds it.</summary>
    public const int MinimumGroups = 40;

    private const double SameMean = 1e-12;

    /// <summary>Compares one metric.</summary>
    /// <param name="oldPerQuery">The metric of each query on the old side, in [0, 1].</param>
    /// <param name="newPerQuery">The same queries in the same order on the new side; a query without a result counts 0.</param>
    /// <param name="groups">The group of each query: queries with the same relevant documents share one.</param>
    /// <param name="options">Rule, margin and errors.</param>
    /// <param name="sameFingerprint">
    /// Both sides are one model: the verdict is <c>no_change</c>, unless the new side is measurably worse, which is then damage to the
    /// collection and never passes.
    /// </param>
    /// <returns>The verdict; without a query it is inconclusive, and the means are 0.</returns>
    /// <exception cref="ArgumentException">Lists of different length, a value that is not a number in [0, 1], or unusable options.</exception>
    public static MatchesOrBeatsResult Compare(
        IReadOnlyList<double> oldPerQuery,
        IReadOnlyList<double> newPerQuery,
        IReadOnlyList<int> groups,
        MatchesOrBeatsOptions options,
        bool sameFingerprint = false)
    {
        if (options.Problems() is { Count: > 0 } wrong)
            throw new ArgumentException($"The settings of matches or beats cannot be used: {string.Join("; ", wrong)}.", nameof(options));
        Refuse(oldPerQuery, newPerQuery, groups);
        var differences = newPerQuery.Zip(oldPerQuery, (now, then) => now - then).ToArray();
        var estimate = ClusteredDifferences.Estimated(differences, groups);
        var bounds = estimate?.Bounds(options.Alpha);
        var margin = options.Margin ?? DefaultMargin.For(differences.Length, estimate?.EffectiveQueries ?? 0);
        var meanDifference = MeanOf(differences);
        var verdict = options.Rule == ComparisonRule.Point && differences.Length > 0
            ? ByMeans(meanDifference)
            : ByBounds(estimate, bounds, margin, options.Epsilon);
        var result = new MatchesOrBeatsResult
        {
            Verdict = sameFingerprint && differences.Length > 0 && verdict != MatchesOrBeatsVerdict.Worse ? MatchesOrBeatsVerdict.NoChange : verdict,
            Rule = options.Rule,
            Queries = differences.Length,
            Groups = estimate?.Groups ?? groups.Distinct().Count(),
            MeanOld = MeanOf(oldPerQuery),
            MeanNew = MeanOf(newPerQuery),
            MeanDifference = meanDifference,
            Margin = margin,
            MarginIsDefault = options.Margin is null,
            Epsilon = options.Epsilon,
            Alpha = options.Alpha,
            DesignEffect = estimate?.DesignEffect,
            EffectiveQueries = estimate?.EffectiveQueries,
            Estimate = estimate?.Estimate,
            StandardError = estimate?.StandardError,
            LowerBound = bounds?.Lower,
            UpperBound = bounds?.Upper,
            AttainableMargin = estimate is null ? null : SampleSize.Reach(options.Alpha) * Math.Sqrt(estimate.Variance / estimate.EffectiveQueries),
        };
        return result.Verdict == MatchesOrBeatsVerdict.Inconclusive ? WithWhatIsMissing(result, estimate) : result;
    }

    private static MatchesOrBeatsVerdict ByBounds(
        ClusteredDifferences? estimate, (double Lower, double Upper)? bounds, double margin, double epsilon)
    {
        if (estimate is null || bounds is not var (lower, upper))
            return MatchesOrBeatsVerdict.Inconclusive;
        if (lower > 0)
            return MatchesOrBeatsVerdict.Better;
        if (upper < -epsilon)
            return MatchesOrBeatsVerdict.Worse;
        return lower > -margin && estimate.Groups >= MinimumGroups ? MatchesOrBeatsVerdict.Matches : MatchesOrBeatsVerdict.Inconclusive;
    }

    private static double MeanOf(IReadOnlyList<double> values) => values.Sum() / Math.Max(1, values.Count);

    private static MatchesOrBeatsVerdict ByMeans(double meanDifference) => meanDifference switch
    {
        > SameMean => MatchesOrBeatsVerdict.Better,
        < -SameMean => MatchesOrBeatsVerdict.Worse,
        _ => MatchesOrBeatsVerdict.Matches,
    };

    private static MatchesOrBeatsResult WithWhatIsMissing(MatchesOrBeatsResult result, ClusteredDifferences? estimate)
    {
        int? groupsNeeded = result.Groups < MinimumGroups ? MinimumGroups : null;
        if (estimate is null)
            return result with { GroupsNeeded = groupsNeeded };

        // What is left of the margin once the loss that was seen is taken off. Too little, and n* runs away.
        var room = result.Margin + Math.Min(0, estimate.Estimate);
        if (room <= result.Margin / 4)
            return result with { GroupsNeeded = groupsNeeded, MoreQueriesWillNotSettleIt = true };
        var needed = Math.Pow(SampleSize.Reach(result.Alpha) / room, 2) * estimate.Variance * estimate.DesignEffect;
        return result with { GroupsNeeded = groupsNeeded, QueriesNeeded = (int)Math.Min(int.MaxValue, Math.Ceiling(needed)) };
    }

    private static void Refuse(IReadOnlyList<double> oldPerQuery, IReadOnlyList<double> newPerQuery, IReadOnlyList<int> groups)
    {
        if (oldPerQuery.Count != newPerQuery.Count || oldPerQuery.Count != groups.Count)
        {
            throw new ArgumentException(
                $"A paired comparison needs one old value, new value and group a query; found {oldPerQuery.Count}, {newPerQuery.Count} and {groups.Count}.",
                nameof(newPerQuery));
        }

        RefuseValues(oldPerQuery, "old", nameof(oldPerQuery));
        RefuseValues(newPerQuery, "new", nameof(newPerQuery));
    }

    private static void RefuseValues(IReadOnlyList<double> values, string side, string parameter)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (!(values[i] >= -SameMean && values[i] <= 1 + SameMean))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"The {side} value of query {i} is {values[i]}; expected a metric in [0, 1]. Nothing was decided."), parameter);
            }
        }
    }
}
