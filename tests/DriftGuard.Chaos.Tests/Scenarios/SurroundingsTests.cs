namespace DriftGuard.Chaos.Tests.Scenarios;

/// <summary>What lies around the worker fails: Qdrant dies, the clock is set, nobody holds writes.</summary>
public sealed class SurroundingsTests
{
    private const int DeathsOfQdrant = 6;

    private static readonly TimeSpan BetweenDeaths = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FarOff = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_Qdrant_that_is_killed_loses_nothing()
    {
        var outcome = await ChaosRun.OneAsync(new()
        {
            Changes = 2,
            Indexes = 1,
            WorkerMayEnd = true,
            Meanwhile = async (installation, cancellation) =>
            {
                while (installation.Qdrant.Kills < DeathsOfQdrant)
                {
                    await Task.Delay(BetweenDeaths, cancellation);
                    await installation.Qdrant.KillAndStartAgainAsync();
                }
            },
        });

        outcome.ShouldBeWhole();
        outcome.KillsOfQdrant.ShouldBeGreaterThan(1, outcome.Report);
    }

    [Fact]
    public async Task A_clock_that_jumps_loses_nothing()
    {
        var plan = new ChaosPlan { Kills = 4, Changes = 2, Indexes = 1, ClockJumps = true };
        plan = plan with { Meanwhile = (installation, cancellation) => installation.Clock!.RunAsync(plan.Seed, cancellation) };
        var began = DateTimeOffset.UtcNow;

        var outcome = await ChaosRun.OneAsync(plan);

        outcome.ShouldBeWhole();
        outcome.Times.ShouldContain(at => (at - began).Duration() > FarOff, outcome.Report);
    }

    [Fact]
    public async Task Without_a_fence_no_rollout_says_that_it_was_exact_while_writes_go_on()
    {
        var outcome = await ChaosRun.OneAsync(new() { Changes = 2, Indexes = 1, Fenced = false, RolloutSettings = "fence: none", Pace = TimeSpan.FromMilliseconds(30) });

        outcome.Findings.Of(Oracle.Finding.Promise).ShouldBe(0, outcome.Report);
        outcome.Findings.Of(Oracle.Finding.StoodStill).ShouldBe(0, outcome.Report);
        outcome.Promises.ShouldNotBeEmpty(outcome.Report);
        outcome.Promises.ShouldAllBe(promise => promise.Contains("best effort"), outcome.Report);
    }
}
