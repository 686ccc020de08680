using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DriftGuard.Core.Statistics.TwoSample;

/// <summary>
/// Permutations of a kernel's groups. The kernel is summed by groups once; a split then costs the sum of one group-by-group matrix over
/// the groups of its first sample, from which the rest follows.
/// </summary>
internal sealed class GroupPermutation
{
    /// <summary>Ties of the statistic that rounding hides.</summary>
    private const double TieTolerance = 1e-12;

    /// <summary>More splits than this are not enumerated.</summary>
    private const long MostSplits = 1 << 20;

    /// <summary>Splits that are summed together, so that the matrix is read once for all of them.</summary>
    private const int SplitsPerPass = 32;

    private readonly double[] _sums;
    private readonly double[] _rowSums;
    private readonly int[] _sizes;
    private readonly int _groups;
    private readonly int _groupsOfFirst;
    private readonly double _total;
    private readonly int _count;

    private GroupPermutation(double[] sums, int[] sizes, int groupsOfFirst)
    {
        (_sums, _sizes, _groups, _groupsOfFirst) = (sums, sizes, sizes.Length, groupsOfFirst);
        _rowSums = [.. Enumerable.Range(0, _groups).Select(g => TensorPrimitives.Sum<double>(sums.AsSpan(g * _groups, _groups)))];
        _total = TensorPrimitives.Sum<double>(_rowSums);
        _count = sizes.Sum();
    }

    public static GroupPermutation Of(double[] kernel, Samples samples, IReadOnlyList<int> groups)
    {
        var count = samples.Rows.Count;
        if (groups.Count != count)
            throw new ArgumentException($"There are {groups.Count} groups for {count} vectors.", nameof(groups));

        // Renumbered in the order of the vectors, so that the first sample's groups come first.
        var numbers = new Dictionary<int, int>();
        var group = new int[count];
        for (var i = 0; i < count; i++)
        {
            if (!numbers.TryGetValue(groups[i], out group[i]))
                numbers.Add(groups[i], group[i] = numbers.Count);
        }

        var ofFirst = group.AsSpan(0, samples.First).ToArray().Max() + 1;
        if (group.Skip(samples.First).Any(g => g < ofFirst))
            throw new ArgumentException("A group lies in both samples; a group moves as a whole.", nameof(groups));
        var sizes = new int[numbers.Count];
        foreach (var g in group)
            sizes[g]++;
        if (sizes.Length == count)
            return new(kernel, sizes, ofFirst);
        var sums = new double[sizes.Length * sizes.Length];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
                sums[(group[i] * sizes.Length) + group[j]] += kernel[(i * count) + j];
        }

        return new(sums, sizes, ofFirst);
    }

    public PermutationResult Permute(int permutations, int seed)
    {
        var observed = Statistic(Enumerable.Range(0, _groups).Select(g => g < _groupsOfFirst).ToArray());
        var random = new Random(seed);
        var passes = Enumerable.Range(0, (permutations + SplitsPerPass - 1) / SplitsPerPass)
            .Select(pass => RandomSplits(random, Math.Min(SplitsPerPass, permutations - (pass * SplitsPerPass)))).ToList();
        var hits = 0L;
        Parallel.ForEach(passes, pass =>
        {
            var within = SumWithinFirst(pass.Members);
            var found = Enumerable.Range(0, pass.Count).Count(split => Statistic(pass.Members, split, within[split]) >= observed - TieTolerance);
            Interlocked.Add(ref hits, found);
        });
        return new((1.0 + hits) / (1.0 + permutations), hits, permutations, Exact: false, seed);
    }

    public PermutationResult PermuteExactly()
    {
        var splits = Combinations(_groups, _groupsOfFirst);
        if (splits > MostSplits)
            throw new InvalidOperationException($"{_groups} groups have more than {MostSplits} splits; draw them at random.");
        var chosen = Enumerable.Range(0, _groups).Select(g => g < _groupsOfFirst).ToArray();
        var observed = Statistic(chosen);
        Array.Clear(chosen);
        var (hits, total) = (0L, 0L);
        Count(0, _groupsOfFirst);
        return new(hits / (double)total, hits, total, Exact: true, Seed: null);

        void Count(int from, int left)
        {
            if (left == 0)
            {
                total++;
                hits += Statistic(chosen) >= observed - TieTolerance ? 1 : 0;
                return;
            }

            for (var g = from; g <= _groups - left; g++)
            {
                chosen[g] = true;
                Count(g + 1, left - 1);
                chosen[g] = false;
            }
        }
    }

    private static long Combinations(int n, int k)
    {
        var count = 1L;
        for (var i = 1; i <= k && count <= MostSplits; i++)
            count = count * (n - k + i) / i;
        return count;
    }

    private (double[] Members, int Count) RandomSplits(Random random, int count)
    {
        var members = new double[_groups * SplitsPerPass];
        var order = Enumerable.Range(0, _groups).ToArray();
        for (var split = 0; split < count; split++)
        {
            random.Shuffle(order);
            for (var i = 0; i < _groupsOfFirst; i++)
                members[(order[i] * SplitsPerPass) + split] = 1;
        }

        return (members, count);
    }

    /// <summary>For each split the sum of the matrix over its first sample's groups, by half of the symmetric matrix.</summary>
    private double[] SumWithinFirst(double[] members)
    {
        const int Lanes = SplitsPerPass / 8;
        var vectors = MemoryMarshal.Cast<double, Vector512<double>>(members);
        Span<Vector512<double>> sums = stackalloc Vector512<double>[Lanes];
        for (var g = 0; g < _groups; g++)
        {
            var row = _sums.AsSpan(g * _groups, g);
            var (a, b, c, d) = (Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero);
            for (var h = 0; h < row.Length; h++)
            {
                var value = Vector512.Create(row[h]);
                a = Vector512.FusedMultiplyAdd(value, vectors[h * Lanes], a);
                b = Vector512.FusedMultiplyAdd(value, vectors[(h * Lanes) + 1], b);
                c = Vector512.FusedMultiplyAdd(value, vectors[(h * Lanes) + 2], c);
                d = Vector512.FusedMultiplyAdd(value, vectors[(h * Lanes) + 3], d);
            }

            var own = Vector512.Create(_sums[(g * _groups) + g]);
            sums[0] += vectors[g * Lanes] * ((a + a) + own);
            sums[1] += vectors[(g * Lanes) + 1] * ((b + b) + own);
            sums[2] += vectors[(g * Lanes) + 2] * ((c + c) + own);
            sums[3] += vectors[(g * Lanes) + 3] * ((d + d) + own);
        }

        return MemoryMarshal.Cast<Vector512<double>, double>(sums).ToArray();
    }

    private double Statistic(bool[] first)
    {
        var (within, size, rows) = (0.0, 0, 0.0);
        for (var g = 0; g < _groups; g++)
        {
            if (!first[g])
                continue;
            size += _sizes[g];
            rows += _rowSums[g];
            for (var h = 0; h < _groups; h++)
                within += first[h] ? _sums[(g * _groups) + h] : 0;
        }

        return Statistic(within, rows, size);
    }

    private double Statistic(double[] members, int split, double within)
    {
        var (size, rows) = (0, 0.0);
        for (var g = 0; g < _groups; g++)
        {
            if (members[(g * SplitsPerPass) + split] > 0)
            {
                size += _sizes[g];
                rows += _rowSums[g];
            }
        }

        return Statistic(within, rows, size);
    }

    /// <summary>MMD^2 from the sum within the first sample, the sum of its rows, and its size.</summary>
    private double Statistic(double within, double rows, int size)
    {
        double m = size, n = _count - size;
        var between = rows - within;
        var second = _total - within - (2 * between);
        return (m < 2 ? 0 : within / (m * (m - 1))) + (n < 2 ? 0 : second / (n * (n - 1))) - (2 * between / (m * n));
    }
}
