using DriftGuard.Core.Gate.MatchesOrBeats;

namespace DriftGuard.Core.Tests.Gate.MatchesOrBeats;

/// <summary>The promises of the rule, over many drawn calibration sets. Seeds are fixed: a run differs from the next only by the code.</summary>
public class MatchesOrBeatsSimulationTests
{
    private const int Runs = 400;
    private const double Margin = .05;

    [Theory]
    [InlineData(20)]
    [InlineData(50)]
    [InlineData(100)]
    [InlineData(500)]
    public void A_loss_of_the_margin_that_few_queries_carry_rarely_passes(int n) =>
        PassRate(n, perGroup: 1, lossShare: Margin).ShouldBeLessThanOrEqualTo(.08);

    [Theory]
    [InlineData(100)]
    [InlineData(500)]
    public void A_loss_of_the_margin_rarely_passes_when_whole_groups_carry_it(int groups) =>
        PassRate(groups * 5, perGroup: 5, lossShare: Margin).ShouldBeLessThanOrEqualTo(.08);

    [Fact]
    public void An_equal_candidate_mostly_passes_with_queries_enough() => PassRate(1000, perGroup: 1, lossShare: 0).ShouldBeGreaterThanOrEqualTo(.9);

    [Fact]
    public void A_clear_gain_is_called_better() =>
        Verdicts(300, perGroup: 1, lossShare: -.1).Count(verdict => verdict == MatchesOrBeatsVerdict.Better).ShouldBeGreaterThan((int)(.95 * Runs));

    [Fact]
    public void Queries_needed_settle_about_four_cases_of_five()
    {
        var needed = MatchesOrBeatsRule.Compare(
            [.. Enumerable.Range(0, 200).Select(i => i < 10 ? 1.0 : 0)],
            [.. Enumerable.Range(0, 200).Select(i => i is >= 10 and < 20 ? 1.0 : 0)],
            [.. Enumerable.Range(0, 200)],
            new MatchesOrBeatsOptions { Margin = .03 }).QueriesNeeded!.Value;

        PassRate(needed, perGroup: 1, lossShare: 0, margin: .03).ShouldBeInRange(.72, .9);
    }

    private static double PassRate(int n, int perGroup, double lossShare, double margin = Margin) =>
        Verdicts(n, perGroup, lossShare, margin).Count(verdict => verdict.Passes()) / (double)Runs;

    // Differences of -1, 0 and 1: 5 % lose and 5 % gain where nothing is lost on the whole, and a loss moves gains to losses.
    private static List<MatchesOrBeatsVerdict> Verdicts(int n, int perGroup, double lossShare, double margin = Margin)
    {
        var random = new Random(20_250_101 + n + perGroup);
        var verdicts = new List<MatchesOrBeatsVerdict>(Runs);
        int[] groups = [.. Enumerable.Range(0, n).Select(query => query / perGroup)];
        for (var run = 0; run < Runs; run++)
        {
            var drawn = Enumerable.Range(0, (n + perGroup - 1) / perGroup).Select(_ => random.NextDouble()).ToArray();
            double[] before = [.. groups.Select(group => drawn[group] < .05 + Math.Max(0, lossShare) ? 1.0 : 0)];
            double[] after = [.. groups.Select(group => drawn[group] > .95 - Math.Max(0, -lossShare) ? 1.0 : 0)];
            verdicts.Add(MatchesOrBeatsRule.Compare(before, after, groups, new MatchesOrBeatsOptions { Margin = margin }).Verdict);
        }

        return verdicts;
    }
}
