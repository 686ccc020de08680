using DriftGuard.Chaos.Tests.Faults;

namespace DriftGuard.Chaos.Tests.Scenarios;

/// <summary>What lies around the worker fails, and nothing is lost.</summary>
public sealed class FaultTests
{
    private const int TimesFull = 3;
    private const int DeathsOfQdrant = 6;
    private const double FaultyShare = .04;

    /// <summary>What a worker says of its disk.</summary>
    private const string Full = "the disk is full";

    private static readonly TimeSpan BetweenDeaths = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DiskIsFull = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan FarOff = TimeSpan.FromHours(1);

    [Fact]
    public Task Calls_that_are_refused_cut_off_slow_or_doubled_lose_nothing() =>
        OfTheNetworkAsync(new(), [Fault.Refuse, Fault.CutBefore, Fault.CutAfter, Fault.SlowBefore, Fault.SlowAfter, Fault.Duplicate]);

    [Fact]
    public Task Calls_that_arrive_after_their_caller_has_gone_on_lose_nothing() =>
        OfTheNetworkAsync(new() { WriteTimeout = TimeSpan.FromSeconds(4) }, [Fault.AppliedLater]);

    [Fact]
    public async Task A_Qdrant_that_is_killed_loses_nothing()
    {
        var outcome = await RunAsync(new()
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
    public async Task A_state_that_others_lock_again_and_again_loses_nothing()
    {
        var plan = new ChaosPlan { Kills = 4, Changes = 2, Indexes = 1 };
        plan = plan with { Meanwhile = (installation, cancellation) => StateLocker.RunAsync(Path.Join(installation.Folder, "data"), plan.Seed, cancellation) };

        (await RunAsync(plan)).ShouldBeWhole();
    }

    [Fact]
    public async Task A_shared_state_behind_a_bad_network_loses_nothing()
    {
        var outcome = await RunAsync(new() { Kills = 2, Changes = 2, Indexes = 1, SharedState = true, WorkerMayEnd = true });

        outcome.ShouldBeWhole();
        foreach (var fault in Enum.GetValues<StateFault>())
            outcome.StateMet.ShouldContainKey(fault, outcome.Report);
    }

    [Fact]
    public async Task A_full_disk_is_said_loses_nothing_and_once_freed_all_goes_on()
    {
        var outcome = await RunAsync(new()
        {
            Changes = 2,
            Indexes = 1,
            DiskMiB = 16,
            WorkerMayEnd = true,
            WordsOfTheWorker = [Full],
            Meanwhile = async (installation, cancellation) =>
            {
                for (var i = 0; i < TimesFull; i++)
                {
                    await Task.Delay(DiskIsFull, cancellation);
                    installation.Disk!.Fill();
                    await Task.Delay(DiskIsFull, CancellationToken.None);
                    installation.Disk.Free();
                }
            },
        });

        outcome.ShouldBeWhole();
        outcome.WordsSaid.ShouldContain(Full, outcome.Report);
    }

    [Fact]
    public async Task A_clock_that_jumps_loses_nothing()
    {
        var plan = new ChaosPlan { Kills = 4, Changes = 2, Indexes = 1, ClockJumps = true };
        plan = plan with { Meanwhile = (installation, cancellation) => installation.Clock!.RunAsync(plan.Seed, cancellation) };
        var began = DateTimeOffset.UtcNow;

        var outcome = await RunAsync(plan);

        outcome.ShouldBeWhole();
        outcome.Times.ShouldContain(at => (at - began).Duration() > FarOff, outcome.Report);
    }

    [Fact]
    public async Task Without_a_fence_no_rollout_says_that_it_was_exact_while_writes_go_on()
    {
        var outcome = await RunAsync(new() { Changes = 2, Indexes = 1, Fenced = false, RolloutSettings = "fence: none", Pace = TimeSpan.FromMilliseconds(30) });

        outcome.Findings.Of(Oracle.Finding.Promise).ShouldBe(0, outcome.Report);
        outcome.Findings.Of(Oracle.Finding.StoodStill).ShouldBe(0, outcome.Report);
        outcome.Promises.ShouldNotBeEmpty(outcome.Report);
        outcome.Promises.ShouldAllBe(promise => promise.Contains("best effort"), outcome.Report);
    }

    private static async Task OfTheNetworkAsync(ChaosPlan plan, IReadOnlyList<Fault> faults)
    {
        var outcome = await RunAsync(plan with { Kills = 6, Changes = 2, Faults = seed => new(seed, FaultyShare, faults), WorkerMayEnd = true });

        outcome.ShouldBeWhole();
        foreach (var fault in faults)
            outcome.Met.ShouldContainKey(fault, outcome.Report);
    }

    private static async Task<Outcome> RunAsync(ChaosPlan plan) => (await ChaosRun.RunAsync(plan)).Single();
}
