using DriftGuard.Chaos.Tests.Faults;

namespace DriftGuard.Chaos.Tests.Scenarios;

/// <summary>The worker's state cannot be reached or written for a while, and nothing is lost.</summary>
public sealed class StateFaultTests
{
    private const int TimesFull = 3;

    /// <summary>What a worker says of its disk.</summary>
    private const string Full = "the disk is full";

    private static readonly TimeSpan DiskIsFull = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task A_state_that_others_lock_again_and_again_loses_nothing()
    {
        var plan = new ChaosPlan { Kills = 4, Changes = 2, Indexes = 1 };
        plan = plan with { Meanwhile = (installation, cancellation) => StateLocker.RunAsync(Path.Join(installation.Folder, "data"), plan.Seed, cancellation) };

        (await ChaosRun.OneAsync(plan)).ShouldBeWhole();
    }

    [Fact]
    public async Task A_shared_state_behind_a_bad_network_loses_nothing()
    {
        var outcome = await ChaosRun.OneAsync(new() { Kills = 2, Changes = 2, Indexes = 1, SharedState = true, WorkerMayEnd = true });

        outcome.ShouldBeWhole();
        foreach (var fault in Enum.GetValues<StateFault>())
            outcome.StateMet.ShouldContainKey(fault, outcome.Report);
    }

    [Fact]
    public async Task A_full_disk_is_said_loses_nothing_and_once_freed_all_goes_on()
    {
        var outcome = await ChaosRun.OneAsync(new()
        {
            Changes = 2,
            Indexes = 1,
            DiskMiB = 16,
            WorkerMayEnd = true,
            WordsOfTheWorker = [Full],
            IsMet = installation => installation.Worker.HasSaid(Full),
            Meanwhile = async (installation, cancellation) =>
            {
                for (var times = 0; times < TimesFull || !installation.Worker.HasSaid(Full);)
                {
                    await Task.Delay(DiskIsFull, cancellation);
                    if (!installation.Worker.Serves)
                        continue; // it does not start on a full disk, and says so in other words
                    times++;
                    installation.Disk!.Fill();
                    await Task.Delay(DiskIsFull, CancellationToken.None);
                    installation.Disk.Free();
                }
            },
        });

        outcome.ShouldBeWhole();
        outcome.WordsSaid.ShouldContain(Full, outcome.Report);
    }
}
