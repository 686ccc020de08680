using DriftGuard.Chaos.Tests.Faults;

namespace DriftGuard.Chaos.Tests.Scenarios;

/// <summary>What lies around the worker fails, and nothing is lost.</summary>
public sealed class FaultTests
{
    private const int LongestRun = 900_000;
    private const int TimesFull = 4;
    private const double FaultyShare = .04;

    [Fact(Timeout = LongestRun)]
    public Task Calls_that_are_refused_cut_off_slow_or_doubled_lose_nothing() =>
        OfTheNetworkAsync([Fault.Refuse, Fault.CutBefore, Fault.CutAfter, Fault.SlowBefore, Fault.SlowAfter, Fault.Duplicate]);

    [Fact(Timeout = LongestRun)]
    public Task Calls_that_arrive_after_their_caller_has_gone_on_lose_nothing() => OfTheNetworkAsync([Fault.AppliedLater, Fault.DuplicateLater]);

    [Fact(Timeout = LongestRun)]
    public async Task A_Qdrant_that_is_killed_loses_nothing()
    {
        var outcome = await RunAsync(new()
        {
            Changes = 3,
            WorkerMayEnd = true,
            Meanwhile = async (installation, cancellation) =>
            {
                while (true)
                {
                    await Task.Delay(TimeSpan.FromSeconds(3), cancellation);
                    await installation.Qdrant.KillAsync();
                    await installation.Qdrant.StartAgainAsync();
                }
            },
        });

        outcome.ShouldBeWhole();
    }

    [Fact(Timeout = LongestRun)]
    public async Task A_state_that_others_lock_again_and_again_loses_nothing()
    {
        var plan = new ChaosPlan { Kills = 5, Changes = 3 };
        plan = plan with { Meanwhile = (installation, cancellation) => StateLocker.RunAsync(Path.Join(installation.Folder, "data"), plan.Seed, cancellation) };

        (await RunAsync(plan)).ShouldBeWhole();
    }

    [Fact(Timeout = LongestRun)]
    public async Task A_full_disk_is_said_loses_nothing_and_once_freed_all_goes_on()
    {
        var outcome = await RunAsync(new()
        {
            Changes = 2,
            DiskMiB = 16,
            WorkerMayEnd = true,
            Meanwhile = async (installation, cancellation) =>
            {
                for (var i = 0; i < TimesFull; i++)
                {
                    await Task.Delay(TimeSpan.FromSeconds(4), cancellation);
                    installation.Disk!.Fill();
                    await Task.Delay(TimeSpan.FromSeconds(4), CancellationToken.None);
                    installation.Disk.Free();
                }
            },
        });

        outcome.ShouldBeWhole();
        outcome.WorkerSaid.ShouldContain("full");
    }

    [Fact(Timeout = LongestRun)]
    public async Task Without_a_fence_writes_are_lost_and_no_rollout_says_that_it_was_exact()
    {
        var outcome = await RunAsync(new()
        {
            Changes = 3, Fenced = false, RolloutSettings = "fence: none", Documents = 400, Pace = TimeSpan.FromMilliseconds(30),
        });

        outcome.Findings.Of(Oracle.Finding.Promise).ShouldBe(0, outcome.Report);
        outcome.Promises.ShouldAllBe(promise => promise.Contains("best effort"), outcome.Report);
        outcome.Findings.Count.ShouldBeGreaterThan(0, "an oracle that finds nothing here finds nothing anywhere");
    }

    private static async Task OfTheNetworkAsync(IReadOnlyList<Fault> faults)
    {
        var outcome = await RunAsync(new() { Kills = 10, Changes = 3, Faults = seed => new(seed, FaultyShare, faults), WorkerMayEnd = true });

        outcome.ShouldBeWhole();
        foreach (var fault in faults)
            outcome.Met.ShouldContainKey(fault, outcome.Report);
    }

    private static async Task<Outcome> RunAsync(ChaosPlan plan) => (await ChaosRun.RunAsync(plan)).Single();
}
