using DriftGuard.Core.Statistics;

namespace DriftGuard.Core.Drift.Queries;

/// <summary>
/// Do queries still look like those of the past? Two parts: the share that the corpus covers poorly, and MMD^2 of the vectors, by whole days unless
/// sessions are known to be independent, since what is asked on one day is alike. A pure function; no query in the input makes it throw.
/// </summary>
/// <remarks>
/// Of 1,000 days without drift, on requests of clinc150 by MiniLM, 20 past days and 200 queries a day: suspected 20 with five topics a day, 15
/// with sessions of one topic, 7 with all topics; confirmed 1, 0 and 0. MMD^2 is a little skewed over days, so that t suspects more than the nominal
/// 1 % where days have topics of their own. A tenth of foreign queries is suspected in .72 of days with all topics, and in .03 with five topics
/// a day: there past days differ as much.
/// </remarks>
public static class QueryDrift
{
    /// <summary>Judges a day.</summary>
    /// <param name="today">The day to be judged.</param>
    /// <param name="confirming">The day before or after it, which confirms what it shares; null where there is none yet.</param>
    /// <param name="past">Past days that were good; the two above are left out if they are among them, and days with too few queries.</param>
    /// <param name="baseline">Fixes the threshold and the bandwidth.</param>
    /// <param name="options">Settings.</param>
    /// <exception cref="ArgumentException">The settings cannot be used.</exception>
    public static QueryDriftResult Judge(
        DayOfQueries today, DayOfQueries? confirming, IReadOnlyList<DayOfQueries> past, QueryBaseline baseline, QueryDriftOptions options) =>
        Judge(today, confirming, past, baseline, options, kernelOf: null);

    /// <summary>The same with another way to the kernel of the vectors at two positions: simulations compute that of a whole corpus once.</summary>
    internal static QueryDriftResult Judge(
        DayOfQueries today,
        DayOfQueries? confirming,
        IReadOnlyList<DayOfQueries> past,
        QueryBaseline baseline,
        QueryDriftOptions options,
        Func<IReadOnlyList<float[]>, Func<int, int, double>>? kernelOf)
    {
        if (options.Problems() is { Count: > 0 } wrong)
            throw new ArgumentException($"The settings of query drift cannot be used: {string.Join("; ", wrong)}.", nameof(options));
        var checks = new QueryChecks(baseline, options);
        var usable = options.Independent ? [] : past
            .Where(day => day.Day != today.Day && day.Day != confirming?.Day && checks.Problem(day) is null)
            .ToList();
        var result = new QueryDriftResult
        {
            Verdict = DriftVerdict.InsufficientData,
            PastDays = usable.Count,
            Independent = options.Independent,
            Alpha = options.Alpha,
            Bandwidth = baseline.Bandwidth,
            Seed = options.Seed,
        };
        var problem = checks.BaselineProblem() ?? checks.Problem(today) ?? checks.DaysProblem(usable.Count, past.Count);
        if (problem is not null)
            return result with { Reason = problem };

        today = checks.Counted(today);
        var otherProblem = confirming is null ? "there is no other day yet to confirm it" : checks.Problem(confirming);
        var other = confirming is null || otherProblem is not null ? null : checks.Counted(confirming);
        var most = Math.Min(options.MostVectors, Math.Min(today.Queries.Count, other?.Queries.Count ?? int.MaxValue));
        IQueryTests tests = options.Independent
            ? new IndependentQueries(baseline, options)
            : new QueriesByDay(usable, most, baseline, options, kernelOf);
        return Judge(today, other, otherProblem, tests, result);
    }

    private static QueryDriftResult Judge(DayOfQueries today, DayOfQueries? other, string? otherProblem, IQueryTests tests, QueryDriftResult result)
    {
        var finding = Finding(today, tests);
        result = result with { Today = finding };
        if (!Rejects(finding.Coverage) && !Rejects(finding.Discrepancy))
            return result with { Verdict = DriftVerdict.None };
        if (other is null)
            return result with { Verdict = DriftVerdict.Suspected, Reason = otherProblem };
        var second = Finding(other, tests);
        var agrees = (Rejects(finding.Coverage) && Rejects(second.Coverage)) || (Rejects(finding.Discrepancy) && Rejects(second.Discrepancy));
        return result with { Verdict = agrees ? DriftVerdict.Confirmed : DriftVerdict.Suspected, Confirming = second };

        bool Rejects(QueryDriftPart part) => MultipleTesting.Rejects(part.AdjustedP, result.Alpha);
    }

    private static QueryDayFinding Finding(DayOfQueries day, IQueryTests tests)
    {
        var (coverage, discrepancy) = (tests.Coverage(day), tests.Discrepancy(day));
        var adjusted = MultipleTesting.Holm([coverage.P, discrepancy.P]);
        return new(day.Day, coverage with { AdjustedP = adjusted[0] }, discrepancy with { AdjustedP = adjusted[1] });
    }
}
