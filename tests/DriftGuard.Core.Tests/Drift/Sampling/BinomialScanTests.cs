using CsCheck;
using DriftGuard.Core.Drift.Sampling;

namespace DriftGuard.Core.Tests.Drift.Sampling;

public class BinomialScanTests
{
    [Fact]
    public void A_block_is_found_where_it_is()
    {
        var scan = BinomialScan.Find(Mismatches(300, 100, 101, 102, 250), 999, seed: 1)!;

        (scan.First, scan.Last, scan.Inside, scan.InsideMismatches, scan.Seed).ShouldBe((100, 102, 3, 3, 1));
        scan.P.ShouldBeLessThanOrEqualTo(.01);
        scan.ShouldBe(BinomialScan.Find(Mismatches(300, 100, 101, 102, 250), 999, seed: 1));
    }

    [Fact]
    public void Nothing_is_a_block_with_fewer_than_two_mismatches_or_nothing_else()
    {
        BinomialScan.Find([], 99, 1).ShouldBeNull();
        BinomialScan.Find(Mismatches(100, 7), 99, 1).ShouldBeNull();
        BinomialScan.Find([.. Enumerable.Repeat(true, 100)], 99, 1).ShouldBeNull();
        BinomialScan.Find(Mismatches(100, 0, 99), 99, 1).ShouldBeNull();
    }

    [Fact]
    public void The_densest_window_is_that_of_all_windows() =>
        Gen.Bool.Array[4, 24].Sample(points =>
        {
            var (best, n, all) = (0.0, points.Length, points.Count(point => point));
            for (var first = 0; first < n; first++)
            {
                for (var length = 2; length <= n / 2 && first + length <= n; length++)
                    best = Math.Max(best, Ratio(points.Skip(first).Take(length).Count(point => point), length, all, n));
            }

            var scan = BinomialScan.Find(points, 1, 1);

            // A window with one mismatch is no block: only those with two or more are compared.
            if (scan is not null)
            {
                scan.LogLikelihoodRatio.ShouldBe(best, 1e-9);
                points.Skip(scan.First).Take(scan.Inside).Count(point => point).ShouldBe(scan.InsideMismatches);
                (points[scan.First] && points[scan.Last]).ShouldBeTrue();
                (scan.Last - scan.First + 1).ShouldBe(scan.Inside);
            }
        });

    [Theory]
    [InlineData(300, .01, 475)]
    [InlineData(1_000, .01, 495)]
    public void A_block_of_one_in_a_hundred_is_found(int sample, double share, int least) =>
        Found(500, sample, random =>
        {
            var start = random.Next((int)(1_000_000 * (1 - share)));
            return position => position >= start && position < start + (1_000_000 * share);
        }).ShouldBeGreaterThanOrEqualTo(least);

    [Theory]
    [InlineData(300, .02)]
    [InlineData(1_000, .01)]
    public void Scattered_mismatches_are_no_block(int sample, double share) =>
        Found(1_000, sample, random =>
        {
            var salt = random.Next();
            return position => new Random(unchecked(salt + (int)(position * 7919))).NextDouble() < share;
        }).ShouldBeLessThanOrEqualTo(50);

    private static int Found(int trials, int sample, Func<Random, Func<long, bool>> mismatches)
    {
        var found = 0;
        Parallel.For(0, trials, trial =>
        {
            var isMismatch = mismatches(new Random(trial));
            bool[] inOrder = [.. SystematicSample.Positions(1_000_000, sample, trial).Select(isMismatch)];
            if (BinomialScan.Find(inOrder, 199, trial) is { P: <= .05 })
                Interlocked.Increment(ref found);
        });
        return found;
    }

    private static bool[] Mismatches(int count, params int[] at) => [.. Enumerable.Range(0, count).Select(at.Contains)];

    private static double Ratio(int inside, int length, int all, int n)
    {
        if (inside < 2 || (double)inside / length <= (double)(all - inside) / (n - length))
            return 0;
        return L(inside, length) + L(all - inside, n - length) - L(all, n);

        static double L(double hits, double of) => (hits == 0 ? 0 : hits * Math.Log(hits / of)) + (hits == of ? 0 : (of - hits) * Math.Log((of - hits) / of));
    }
}
