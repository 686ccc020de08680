using DriftGuard.Chaos.Tests.Faults;

namespace DriftGuard.Chaos.Tests.Scenarios;

/// <summary>Calls between the worker and Qdrant fail in every way, and nothing is lost.</summary>
public sealed class NetworkFaultTests
{
    private const double FaultyShare = .04;

    [Fact]
    public Task Calls_that_are_refused_cut_off_slow_or_doubled_lose_nothing() =>
        OfTheNetworkAsync(new() { Kills = 6 }, [Fault.Refuse, Fault.CutBefore, Fault.CutAfter, Fault.SlowBefore, Fault.SlowAfter, Fault.Duplicate]);

    [Fact]
    public Task Calls_that_arrive_after_their_caller_has_gone_on_lose_nothing() =>
        OfTheNetworkAsync(new() { Kills = 3, Indexes = 1, WriteTimeout = TimeSpan.FromSeconds(4) }, [Fault.AppliedLater]);

    private static async Task OfTheNetworkAsync(ChaosPlan plan, IReadOnlyList<Fault> faults)
    {
        var outcome = await ChaosRun.OneAsync(plan with { Changes = 2, Faults = seed => new(seed, FaultyShare, faults), WorkerMayEnd = true });

        outcome.ShouldBeWhole();
        foreach (var fault in faults)
            outcome.Met.ShouldContainKey(fault, outcome.Report);
    }
}
