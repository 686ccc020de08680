using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Statistics;

namespace DriftGuard.Core.Tests.Rollouts;

/// <summary>Live searches after a cutover are held against those before it.</summary>
public sealed class SoakRuleTests
{
    private static readonly SoakLimits Limits = new();

    public static TheoryData<string, SearchFigures, SearchFigures, SoakVerdict> Table => new()
    {
        { "the same is fine", Figures(5_000), Figures(2_000), SoakVerdict.Fine },
        { "no search before tells nothing", Figures(0), Figures(2_000), SoakVerdict.Inconclusive },
        { "nor does none since", Figures(5_000), Figures(0), SoakVerdict.Inconclusive },
        { "a few tell nothing", Figures(5_000), Figures(20), SoakVerdict.Inconclusive },
        { "failures are worse", Figures(5_000), Figures(2_000, failed: 60), SoakVerdict.Worse },
        { "also of a few searches, where most fail", Figures(5_000), Figures(20, failed: 15), SoakVerdict.Worse },
        { "those of before are no news", Figures(5_000, failed: 75), Figures(2_000, failed: 30), SoakVerdict.Fine },
        { "a few more may be an accident", Figures(5_000), Figures(300, failed: 3), SoakVerdict.Inconclusive },
        { "nothing found is worse", Figures(5_000, empty: 250), Figures(2_000, empty: 300), SoakVerdict.Worse },
        { "within the limit it is fine", Figures(5_000, empty: 250), Figures(2_000, empty: 110), SoakVerdict.Fine },
        { "all failing leaves no answer to judge, and is worse", Figures(5_000), Figures(100, failed: 100), SoakVerdict.Worse },
        { "three times as slow is worse", Figures(5_000, slower: 10), Figures(2_000, slower: 30), SoakVerdict.Worse },
        { "some milliseconds are no loss, however many times it is", Figures(5_000), Figures(2_000, slower: 3), SoakVerdict.Fine },
        { "a little slower is fine", Figures(5_000, slower: 10), Figures(2_000, slower: 11), SoakVerdict.Fine },
        { "faster is fine", Figures(5_000), Figures(2_000, slower: .5), SoakVerdict.Fine },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Worse_is_what_exceeds_its_limit_and_is_no_accident(string rule, SearchFigures before, SearchFigures now, SoakVerdict expected)
    {
        var (verdict, message) = SoakRule.Judge(before, now, Limits);

        verdict.ShouldBe(expected, $"{rule}: {message}");
    }

    [Fact]
    public void What_is_worse_is_said_with_its_figures() =>
        SoakRule.Judge(Figures(5_000), Figures(2_000, failed: 60), Limits).Message
            .ShouldBe("searches are worse than before the cutover: 3.0 % fail (before: 0.0 %, limit +1.0 %), of 2000 searches against 5000");

    [Fact]
    public void Equal_searches_are_hardly_ever_called_worse()
    {
        var random = new Random(7);
        var worse = 0;
        for (var trial = 0; trial < 1_000; trial++)
        {
            // Figures at which a limit is near: one in a hundred fails, one in twenty finds nothing.
            var (before, now) = (Drawn(random, 1_000), Drawn(random, 300));
            worse += SoakRule.Judge(before, now, Limits).Verdict == SoakVerdict.Worse ? 1 : 0;
        }

        worse.ShouldBeLessThan(10);
    }

    [Fact]
    public void Inconclusive_looks_are_counted_apart_and_excuse_nothing()
    {
        SoakTally? tally = null;
        var seen = new List<(int Worse, int Inconclusive, bool Breach)>();
        foreach (var verdict in new[] { SoakVerdict.Worse, SoakVerdict.Inconclusive, SoakVerdict.Inconclusive, SoakVerdict.Worse, SoakVerdict.Inconclusive, SoakVerdict.Fine })
        {
            tally = SoakTally.After(tally, verdict, "");
            seen.Add((tally.Worse, tally.Inconclusive, tally.IsBreach));
        }

        seen.ShouldBe([(1, 0, false), (1, 1, false), (1, 2, false), (2, 0, true), (2, 1, true), (0, 0, false)]);
    }

    [Fact]
    public void A_breach_says_what_of_the_two_it_is()
    {
        var (fine, breach) = (new SoakTally(0, 0, "labels are fine"), new SoakTally(2, 0, "searches fail"));

        SoakOutcome.Of(fine, breach, RolloutExample.Start).ShouldSatisfyAllConditions(
            outcome => outcome.Breach.ShouldBeTrue(),
            outcome => outcome.Message.ShouldBe("searches fail"));
        SoakOutcome.Of(fine, breach with { Worse = 1 }, RolloutExample.Start).Breach.ShouldBeFalse();
    }

    private static SearchFigures Figures(int searches, int failed = 0, int empty = 0, double slower = 1)
    {
        var random = new Random(searches);
        var latency = new LatencyHistogram();
        for (var i = 0; i < searches; i++)
        {
            latency.Add(slower * (5 + (10 * random.NextDouble())));
        }

        return new(searches, failed, empty, latency);
    }

    private static SearchFigures Drawn(Random random, int searches)
    {
        var figures = Figures(searches);
        var failed = Enumerable.Range(0, searches).Count(_ => random.NextDouble() < .01);
        return figures with { Failed = failed, Empty = Enumerable.Range(0, searches - failed).Count(_ => random.NextDouble() < .05) };
    }
}
