using DriftGuard.Core.Statistics;
using DriftGuard.Core.Statistics.TwoSample;

namespace DriftGuard.Core.Drift.Queries;

/// <summary>A day against the baseline, query by query, where each is independent of the others.</summary>
internal sealed class IndependentQueries(QueryBaseline baseline, QueryDriftOptions options) : IQueryTests
{
    public QueryDriftPart Coverage(DayOfQueries day)
    {
        var (today, then) = (baseline.ShareOf(day), new DailyShare(baseline.Below, baseline.Vectors.Count));
        var p = FisherExactTest.Greater(today.Hits, today.Total, then.Hits, then.Total);
        var error = Math.Sqrt(Variance(today) + Variance(then));
        return QueryDriftPart.Of(p, today.Value - then.Value, error, day.Queries.Count, baseline.Vectors.Count);
    }

    public QueryDriftPart Discrepancy(DayOfQueries day)
    {
        var random = new Random(options.Seed);
        var samples = Samples.Of(
            RandomDraw.Of(baseline.Vectors, options.MostVectors, random),
            RandomDraw.Of(day.Queries, options.MostVectors, random).Select(query => query.Vector));
        var discrepancy = MaximumMeanDiscrepancy.Of(PairwiseDistances.Of(samples), baseline.Bandwidth);
        var measured = discrepancy.Measure();
        var p = discrepancy.Permute([.. Enumerable.Range(0, samples.Rows.Count)], options.Permutations, options.Seed).P;
        return QueryDriftPart.Of(p, measured.Squared, measured.StandardError, samples.Second, samples.First);
    }

    private static double Variance(DailyShare share) => share.Value * (1 - share.Value) / share.Total;
}
