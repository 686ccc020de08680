using DriftGuard.Worker.Shadow;

namespace DriftGuard.Worker.Tests.Shadow;

public sealed class ShadowSampleTests
{
    private const int Queries = 20_000;

    [Theory]
    [InlineData(.01)]
    [InlineData(.25)]
    [InlineData(.9)]
    public void About_the_share_is_picked_whatever_the_seed(double share)
    {
        // Six standard deviations: one seed in hundreds of millions would be beyond.
        var slack = 6 * Math.Sqrt(Queries * share * (1 - share));
        foreach (var seed in Enumerable.Range(0, 20))
        {
            Picked(share, seed).Count.ShouldBeInRange((int)((Queries * share) - slack), (int)((Queries * share) + slack));
        }
    }

    [Fact]
    public void The_seed_decides_which()
    {
        Picked(.25, 7).ShouldBe(Picked(.25, 7));
        Picked(.25, 7).ShouldNotBe(Picked(.25, 8));
    }

    [Fact]
    public void All_or_none_is_exact()
    {
        Picked(1, 3).Count.ShouldBe(Queries);
        Picked(0, 3).ShouldBeEmpty();
        new ShadowSample(0, 3).IsEmpty.ShouldBeTrue();
    }

    private static List<int> Picked(double share, long seed)
    {
        var sample = new ShadowSample(share, seed);
        return [.. Enumerable.Range(0, Queries).Where(_ => sample.Picks())];
    }
}
