using DriftGuard.Core.Statistics;
using DriftGuard.Core.Statistics.TwoSample;

namespace DriftGuard.Core.Drift.Queries;

/// <summary>How far a day lies from the pooled past days, and how far each of them lies from the others.</summary>
/// <param name="Squared">Unbiased MMD^2 of today and the pool.</param>
/// <param name="StandardError">Of <paramref name="Squared"/>, by the variance of the witness function; for the queries given, not for another day.</param>
/// <param name="Statistic">Student's t of today among the past days.</param>
/// <param name="P">One-sided p of it.</param>
/// <param name="RankP">(1 + past days that lie as far) / (1 + past days).</param>
/// <param name="Pool">Queries of the pool.</param>
internal sealed record DayDiscrepancyResult(double Squared, double StandardError, double Statistic, double P, double RankP, int Pool);

/// <summary>
/// MMD^2 with the day as the unit: queries of one day have topics in common, so that each past day is measured against the others as today is
/// against all of them. That is the permutation of whole days, of which there are too few for a p below 1 / (1 + K); hence Student's t.
/// </summary>
internal sealed class DayDiscrepancy
{
    private readonly int[] _pool;
    private readonly int[] _dayOf;
    private readonly int[] _sizes;
    private readonly double[] _poolRows;
    private readonly double[] _poolDays;
    private readonly double _centredSquare;
    private readonly double[] _squares;

    /// <summary>Learns how past days scatter.</summary>
    /// <param name="past">Positions of the queries of each past day, two queries at least, three days at least.</param>
    /// <param name="kernel">The kernel of two positions.</param>
    /// <param name="mostInPool">Queries that are drawn from all past days together.</param>
    /// <param name="random">Draws them.</param>
    public DayDiscrepancy(IReadOnlyList<IReadOnlyList<int>> past, Func<int, int, double> kernel, int mostInPool, Random random)
    {
        var members = past.Select(day => RandomDraw.Of(day, Math.Max(1, mostInPool / past.Count), random)).ToList();
        _pool = [.. members.SelectMany(day => day)];
        _dayOf = [.. members.SelectMany((day, d) => day.Select(_ => d))];
        _sizes = [.. members.Select(day => day.Count)];
        _poolRows = new double[_pool.Length];
        _poolDays = new double[_sizes.Length * _sizes.Length];
        var matrix = PoolKernel(kernel);
        for (var i = 0; i < _pool.Length; i++)
        {
            for (var j = 0; j < _pool.Length; j++)
            {
                _poolRows[i] += matrix[i][j];
                _poolDays[(_dayOf[i] * Days) + _dayOf[j]] += matrix[i][j];
            }
        }

        _centredSquare = CentredSquare(matrix);
        _squares = new double[Days];
        Parallel.For(0, Days, day => _squares[day] = Squared(SumsOf(past[day], kernel), day));
    }

    private int Days => _sizes.Length;

    /// <summary>Compares a day with them.</summary>
    /// <param name="today">Positions of its queries, two at least and no fewer than of a past day, or those would scatter less.</param>
    /// <param name="kernel">The kernel of two positions.</param>
    public DayDiscrepancyResult Compare(IReadOnlyList<int> today, Func<int, int, double> kernel)
    {
        var sums = SumsOf(today, kernel);
        var squared = Squared(sums, leftOut: -1);
        var mean = _squares.Average();
        var deviation = Math.Sqrt(Variance(_squares));

        // Independent queries scatter as much at least: days that happen to be alike do not make the next one suspicious.
        var spread = Math.Max(deviation, Math.Sqrt(2 * _centredSquare) * ((1.0 / today.Count) + (1.0 / _pool.Length)));
        var t = spread > 0 ? (squared - mean) / (spread * Math.Sqrt(1 + (1.0 / Days))) : 0;
        return new(
            squared,
            StandardError(sums),
            t,
            StudentDistribution.UpperTail(t, Days - 1),
            (1.0 + _squares.Count(value => value >= squared - 1e-12)) / (1.0 + Days),
            _pool.Length);
    }

    private double[][] PoolKernel(Func<int, int, double> kernel)
    {
        var matrix = new double[_pool.Length][];
        Parallel.For(0, _pool.Length, i => matrix[i] = [.. _pool.Select((other, j) => j == i ? 0 : kernel(_pool[i], other))]);
        return matrix;
    }

    /// <summary>The mean square of the kernel less its row means, which decides the scatter of MMD^2 without drift (Gretton et al. 2012, theorem 12).</summary>
    private double CentredSquare(double[][] matrix)
    {
        double n = _pool.Length;
        if (n < 2)
            return 0;
        var grand = _poolRows.Sum() / (n * (n - 1));
        var sum = 0.0;
        for (var i = 0; i < _pool.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var centred = matrix[i][j] - (_poolRows[i] / (n - 1)) - (_poolRows[j] / (n - 1)) + grand;
                sum += 2 * centred * centred;
            }
        }

        return sum / (n * (n - 1));
    }

    private DaySums SumsOf(IReadOnlyList<int> day, Func<int, int, double> kernel)
    {
        var sums = new DaySums(new double[day.Count], new double[day.Count], new double[_pool.Length]);
        for (var i = 0; i < day.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var value = kernel(day[i], day[j]);
                sums.Own[i] += value;
                sums.Own[j] += value;
            }

            for (var j = 0; j < _pool.Length; j++)
            {
                var value = kernel(day[i], _pool[j]);
                sums.ToPool[i] += value;
                sums.OfPool[j] += value;
            }
        }

        return sums;
    }

    /// <summary>Unbiased MMD^2 of a day and the pool without one of its days.</summary>
    private double Squared(DaySums sums, int leftOut)
    {
        var (between, within, size) = (0.0, 0.0, 0.0);
        for (var j = 0; j < _pool.Length; j++)
            between += _dayOf[j] == leftOut ? 0 : sums.OfPool[j];
        for (var d = 0; d < Days; d++)
        {
            size += d == leftOut ? 0 : _sizes[d];
            for (var e = 0; e < Days; e++)
                within += d == leftOut || e == leftOut ? 0 : _poolDays[(d * Days) + e];
        }

        double count = sums.Own.Length;
        return (sums.Own.Sum() / (count * (count - 1))) + (within / (size * (size - 1))) - (2 * between / (count * size));
    }

    private double StandardError(DaySums sums)
    {
        double count = sums.Own.Length, size = _pool.Length;
        var day = sums.Own.Zip(sums.ToPool, (own, pool) => (own / (count - 1)) - (pool / size));
        var pool = _poolRows.Zip(sums.OfPool, (own, other) => (own / (size - 1)) - (other / count));
        return 2 * Math.Sqrt((Variance([.. day]) / count) + (Variance([.. pool]) / size));
    }

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }

    /// <summary>Kernel sums of a day: of each query to the others and to the pool, and of each in the pool to the day.</summary>
    private sealed record DaySums(double[] Own, double[] ToPool, double[] OfPool);
}
