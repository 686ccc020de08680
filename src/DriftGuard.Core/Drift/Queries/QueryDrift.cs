using System.Numerics.Tensors;
using DriftGuard.Core.Statistics;
using DriftGuard.Core.Statistics.TwoSample;

namespace DriftGuard.Core.Drift.Queries;

/// <summary>
/// Do queries still look like those of the past? Two parts: the share that the corpus covers poorly, and MMD^2 of the vectors, by whole days unless
/// sessions are known to be independent, since what is asked on one day is alike. A pure function; nothing in the input makes it throw.
/// </summary>
public static class QueryDrift
{
    private const double NormalQuantile95 = 1.96;

    /// <summary>Judges a day.</summary>
    /// <param name="today">The day to be judged.</param>
    /// <param name="confirming">The day before or after it, which confirms what it shares; null where there is none yet.</param>
    /// <param name="past">Past days that were good; the two above are left out if they are among them, and days with too few queries.</param>
    /// <param name="baseline">Fixes the threshold and the bandwidth.</param>
    /// <param name="options">Settings.</param>
    /// <exception cref="ArgumentException">The settings cannot be used.</exception>
    public static QueryDriftResult Judge(
        DayOfQueries today, DayOfQueries? confirming, IReadOnlyList<DayOfQueries> past, QueryBaseline baseline, QueryDriftOptions options)
    {
        if (options.Problems() is { Count: > 0 } wrong)
            throw new ArgumentException($"The settings of query drift cannot be used: {string.Join("; ", wrong)}.", nameof(options));
        var checks = new QueryChecks(baseline, options);
        var usable = options.Independent ? [] : past
            .Where(day => day.Day != today.Day && day.Day != confirming?.Day && checks.Problem(day) is null)
            .ToList();
        var result = new QueryDriftResult
        {
            Verdict = QueryDriftVerdict.InsufficientData,
            PastDays = usable.Count,
            Independent = options.Independent,
            Alpha = options.Alpha,
            Bandwidth = baseline.Bandwidth,
            Seed = options.Seed,
        };
        var problem = checks.BaselineProblem() ?? checks.Problem(today) ?? checks.DaysProblem(usable.Count, past.Count);
        if (problem is not null)
            return result with { Reason = problem };
        var finding = Finding(checks.Counted(today), usable, baseline, options);
        result = result with { Today = finding };
        if (!Rejects(finding.Coverage, options) && !Rejects(finding.Discrepancy, options))
            return result with { Verdict = QueryDriftVerdict.None };
        result = result with { Verdict = QueryDriftVerdict.Suspected };
        if (confirming is null)
            return result with { Reason = "there is no other day yet to confirm it" };
        if (checks.Problem(confirming) is { } other)
            return result with { Reason = $"the other day cannot confirm it: {other}" };
        var second = Finding(checks.Counted(confirming), usable, baseline, options);
        var agrees = (Rejects(finding.Coverage, options) && Rejects(second.Coverage, options))
            || (Rejects(finding.Discrepancy, options) && Rejects(second.Discrepancy, options));
        return result with { Verdict = agrees ? QueryDriftVerdict.Confirmed : QueryDriftVerdict.Suspected, Confirming = second };
    }

    private static bool Rejects(QueryDriftPart part, QueryDriftOptions options) => MultipleTesting.Rejects(part.AdjustedP, options.Alpha);

    private static QueryDayFinding Finding(DayOfQueries day, IReadOnlyList<DayOfQueries> past, QueryBaseline baseline, QueryDriftOptions options)
    {
        var coverage = options.Independent ? CoverageByFisher(day, baseline) : CoverageByDay(day, past, baseline);
        var discrepancy = options.Independent ? DiscrepancyBySplits(day, baseline, options) : DiscrepancyByDay(day, past, baseline, options);
        var adjusted = MultipleTesting.Holm([coverage.P, discrepancy.P]);
        return new(day.Day, coverage with { AdjustedP = adjusted[0] }, discrepancy with { AdjustedP = adjusted[1] });
    }

    private static QueryDriftPart CoverageByDay(DayOfQueries day, IReadOnlyList<DayOfQueries> past, QueryBaseline baseline)
    {
        var today = ShareOf(day, baseline);
        var shares = past.Select(other => ShareOf(other, baseline)).ToList();
        var compared = DailyShares.Compare(today, shares);
        var mean = shares.Average(share => share.Value);
        var byDay = shares.Sum(share => (share.Value - mean) * (share.Value - mean)) / (shares.Count - 1);
        var error = Math.Sqrt(Math.Max(byDay, SamplingVariance(today)) * (1 + (1.0 / shares.Count)));
        return Part(compared.P!.Value, compared.Excess, error, day.Queries.Count, past.Sum(other => other.Queries.Count)) with
        {
            Statistic = compared.Statistic,
            RankP = (1.0 + shares.Count(share => share.Value >= today.Value)) / (1.0 + shares.Count),
        };
    }

    private static QueryDriftPart CoverageByFisher(DayOfQueries day, QueryBaseline baseline)
    {
        var (today, then) = (ShareOf(day, baseline), new DailyShare(baseline.Below, baseline.Vectors.Count));
        var p = FisherExactTest.Greater(today.Hits, today.Total, then.Hits, then.Total);
        var error = Math.Sqrt(SamplingVariance(today) + SamplingVariance(then));
        return Part(Math.Clamp(p, 0, 1), today.Value - then.Value, error, day.Queries.Count, baseline.Vectors.Count);
    }

    private static QueryDriftPart DiscrepancyByDay(DayOfQueries day, IReadOnlyList<DayOfQueries> past, QueryBaseline baseline, QueryDriftOptions options)
    {
        var random = new Random(options.Seed);
        var vectors = new List<float[]>();
        var today = Drawn(day, options.MostVectors);
        var others = past.OrderBy(other => other.Day).Select(other => Drawn(other, today.Count)).ToList();
        var scale = -1 / (2 * baseline.Bandwidth * baseline.Bandwidth);
        var found = DayDiscrepancy.Compare(today, others, Kernel, options.MostVectors, random);
        return Part(found.P, found.Squared, found.StandardError, today.Count, found.Pool) with { Statistic = found.Statistic, RankP = found.RankP };

        List<int> Drawn(DayOfQueries from, int most)
        {
            var start = vectors.Count;
            vectors.AddRange(RandomDraw.Of(from.Queries, most, random).Select(query => query.Vector));
            return [.. Enumerable.Range(start, vectors.Count - start)];
        }

        double Kernel(int i, int j)
        {
            double distance = TensorPrimitives.Distance<float>(vectors[i], vectors[j]);
            return Math.Exp(scale * distance * distance);
        }
    }

    private static QueryDriftPart DiscrepancyBySplits(DayOfQueries day, QueryBaseline baseline, QueryDriftOptions options)
    {
        var random = new Random(options.Seed);
        var samples = Samples.Of(
            RandomDraw.Of(baseline.Vectors, options.MostVectors, random),
            RandomDraw.Of(day.Queries, options.MostVectors, random).Select(query => query.Vector));
        var discrepancy = MaximumMeanDiscrepancy.Of(PairwiseDistances.Of(samples), baseline.Bandwidth);
        var measured = discrepancy.Measure();
        var p = discrepancy.Permute([.. Enumerable.Range(0, samples.Rows.Count)], options.Permutations, options.Seed).P;
        return Part(p, measured.Squared, measured.StandardError, samples.Second, samples.First);
    }

    private static DailyShare ShareOf(DayOfQueries day, QueryBaseline baseline) =>
        new(day.Queries.Count(query => query.BestScore < baseline.CoverageThreshold), day.Queries.Count);

    private static double SamplingVariance(DailyShare share) => share.Value * (1 - share.Value) / share.Total;

    private static QueryDriftPart Part(double p, double effect, double error, int queries, int compared) => new()
    {
        P = p,
        AdjustedP = p,
        Effect = effect,
        EffectLower = effect - (NormalQuantile95 * error),
        EffectUpper = effect + (NormalQuantile95 * error),
        Queries = queries,
        Compared = compared,
    };
}
