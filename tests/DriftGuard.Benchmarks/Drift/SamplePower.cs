using DriftGuard.Benchmarks.Reporting;
using DriftGuard.Core.Drift.Sampling;

namespace DriftGuard.Benchmarks.Drift;

/// <summary>How often a mixed index is found by a sample of its points, and where the foreign ones lie.</summary>
internal static class SamplePower
{
    private const int Population = 1_000_000;

    public static void Run(TextWriter output, bool quick)
    {
        var trials = quick ? 50 : 500;
        var table = new Table($"foreign points of {Population:N0}, {trials} trials", "suspected", "confirmed", "with a fresh sample", "block found");
        foreach (var size in new[] { 300, 1_000, 3_000 })
        {
            foreach (var share in new[] { .001, .01, .05 })
            {
                Add(table, size, share, block: false, trials);
                Add(table, size, share, block: true, trials);
            }
        }

        table.Write(output);
    }

    private static void Add(Table table, int size, double share, bool block, int trials)
    {
        var (suspected, confirmed, pooled) = (0, 0, 0);
        var found = DriftBenchmark.Share(trials, random =>
        {
            var foreign = Foreign(share, block, random);
            var seed = random.Next();
            var sample = Sample(foreign, size, seed);
            var here = MismatchShare.Of(sample.Count(point => point), size, Population);
            Count(ref suspected, here.IsSuspicious);
            Count(ref confirmed, here.IsBeyondNegligible);
            Count(ref pooled, here.IsSuspicious && here.Plus(MismatchShare.Of(Sample(foreign, size, seed + 1).Count(point => point), size, Population)).IsBeyondNegligible);
            return BinomialScan.Find(sample, 999, seed) is { P: <= .05 };
        });
        table.Add(
            $"{size:N0} looked at, {share:P1} {(block ? "in a block" : "scattered")}",
            DriftBenchmark.Text(suspected / (double)trials),
            DriftBenchmark.Text(confirmed / (double)trials),
            DriftBenchmark.Text(pooled / (double)trials),
            DriftBenchmark.Text(found));

        static void Count(ref int counter, bool counts)
        {
            if (counts)
            {
                Interlocked.Increment(ref counter);
            }
        }
    }

    private static Func<long, bool> Foreign(double share, bool block, Random random)
    {
        var count = (int)(share * Population);
        if (block)
        {
            var start = random.Next(Population - count);
            return position => position >= start && position < start + count;
        }

        var scattered = new HashSet<long>();
        while (scattered.Count < count)
        {
            scattered.Add(random.Next(Population));
        }

        return scattered.Contains;
    }

    private static bool[] Sample(Func<long, bool> foreign, int size, int seed) =>
        [.. SystematicSample.Positions(Population, size, seed).Select(foreign)];
}
