using System.Numerics.Tensors;
using DriftGuard.Core.Statistics;
using DriftGuard.Core.Statistics.TwoSample;

namespace DriftGuard.Core.Drift.Queries;

/// <summary>A day among past days: what past days show is computed once, also if a second day has to confirm.</summary>
internal sealed class QueriesByDay : IQueryTests
{
    private readonly QueryBaseline _baseline;
    private readonly IReadOnlyList<DailyShare> _shares;
    private readonly int _pastQueries;
    private readonly int _most;
    private readonly Random _random;
    private readonly List<float[]> _vectors = [];
    private readonly DayDiscrepancy _discrepancy;
    private readonly Func<IReadOnlyList<float[]>, Func<int, int, double>> _kernelOf;

    /// <param name="past">Past days, all usable.</param>
    /// <param name="most">Vectors of a day at most: no past day may have more than the one that is judged, or it would scatter less.</param>
    /// <param name="baseline">Fixes threshold and bandwidth.</param>
    /// <param name="options">Settings.</param>
    /// <param name="kernelOf">The kernel of the vectors at two positions; null to compute it.</param>
    public QueriesByDay(
        IReadOnlyList<DayOfQueries> past,
        int most,
        QueryBaseline baseline,
        QueryDriftOptions options,
        Func<IReadOnlyList<float[]>, Func<int, int, double>>? kernelOf)
    {
        (_baseline, _most, _random) = (baseline, most, new Random(options.Seed));
        _kernelOf = kernelOf ?? Computed;
        _shares = [.. past.Select(baseline.ShareOf)];
        _pastQueries = past.Sum(day => day.Queries.Count);
        var days = past.OrderBy(day => day.Day).Select(Drawn).ToList();
        _discrepancy = new(days, _kernelOf(_vectors), options.MostVectors, _random);
    }

    public QueryDriftPart Coverage(DayOfQueries day)
    {
        var share = _baseline.ShareOf(day);
        var compared = DailyShares.Compare(share, _shares);
        var mean = _shares.Average(past => past.Value);
        var byDay = _shares.Sum(past => (past.Value - mean) * (past.Value - mean)) / (_shares.Count - 1);
        var error = Math.Sqrt(Math.Max(byDay, share.Value * (1 - share.Value) / share.Total) * (1 + (1.0 / _shares.Count)));
        return QueryDriftPart.Of(compared.P!.Value, compared.Excess, error, day.Queries.Count, _pastQueries) with
        {
            Statistic = compared.Statistic,
            RankP = (1.0 + _shares.Count(past => past.Value >= share.Value)) / (1.0 + _shares.Count),
        };
    }

    public QueryDriftPart Discrepancy(DayOfQueries day)
    {
        var positions = Drawn(day);
        var found = _discrepancy.Compare(positions, _kernelOf(_vectors));
        return QueryDriftPart.Of(found.P, found.Squared, found.StandardError, positions.Count, found.Pool) with
        {
            Statistic = found.Statistic,
            RankP = found.RankP,
        };
    }

    private List<int> Drawn(DayOfQueries day)
    {
        var start = _vectors.Count;
        _vectors.AddRange(RandomDraw.Of(day.Queries, _most, _random).Select(query => query.Vector));
        return [.. Enumerable.Range(start, _vectors.Count - start)];
    }

    private Func<int, int, double> Computed(IReadOnlyList<float[]> vectors)
    {
        var scale = -1 / (2 * _baseline.Bandwidth * _baseline.Bandwidth);
        return (i, j) =>
        {
            double distance = TensorPrimitives.Distance<float>(vectors[i], vectors[j]);
            return Math.Exp(scale * distance * distance);
        };
    }
}
