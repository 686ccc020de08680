using System.Diagnostics;
using DriftGuard.Benchmarks.Reporting;
using DriftGuard.Core.Statistics.TwoSample;
using DriftGuard.Embedding.Benchmarking;

namespace DriftGuard.Benchmarks.Drift;

/// <summary>MMD of two samples from vectors to p, by its steps.</summary>
internal static class DiscrepancySpeed
{
    private const int Dimensions = 384;
    private const int Permutations = 999;

    public static void Run(TextWriter output, bool quick)
    {
        var each = quick ? 500 : 2_000;
        var random = new Random(5);
        float[][] first = [.. Enumerable.Range(0, each).Select(_ => UnitVectors.Next(random, Dimensions))];
        float[][] second = [.. Enumerable.Range(0, each).Select(_ => UnitVectors.Next(random, Dimensions))];
        var groups = Enumerable.Range(0, 2 * each).ToArray();
        var (distances, kernels, splits, alls) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = -1; round < (quick ? 3 : 9); round++) // one first, for the compiler
        {
            var watch = Stopwatch.StartNew();
            var measured = PairwiseDistances.Of(Samples.Of(first, second));
            var afterDistances = watch.Elapsed.TotalSeconds;
            var discrepancy = MaximumMeanDiscrepancy.Of(measured, 1.4);
            discrepancy.Measure();
            var afterKernel = watch.Elapsed.TotalSeconds;
            var result = discrepancy.Permute(groups, Permutations, seed: 1);
            var all = watch.Elapsed.TotalSeconds;
            if (result.P < .001)
            {
                throw new InvalidOperationException($"p is {result.P} for samples of one distribution: the figures would mean nothing");
            }

            if (round >= 0)
            {
                distances.Add(afterDistances);
                kernels.Add(afterKernel - afterDistances);
                splits.Add(all - afterKernel);
                alls.Add(all);
            }
        }

        var table = new Table($"MMD of {each:N0} x {each:N0} x {Dimensions} with {Permutations} permutations, s", "min", "median", "max");
        table.Add("distances", MinMedianMax.Of(distances), "F2");
        table.Add("kernel and statistic", MinMedianMax.Of(kernels), "F2");
        table.Add("permutations", MinMedianMax.Of(splits), "F2");
        table.Add("from vectors to p", MinMedianMax.Of(alls), "F2");
        table.Write(output);
    }
}
