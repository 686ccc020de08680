using CsCheck;
using DriftGuard.Core.Tests.Rollouts.Protocol.Histories;

namespace DriftGuard.Core.Tests.Rollouts.Protocol;

/// <summary>The ten invariants of the protocol over random histories.</summary>
public sealed class ProtocolTests
{
    private const long SomeHistories = 8_000;

    [Fact]
    public void The_ten_invariants_hold_whatever_happens() =>
        HistoryGenerator.Any.Sample(static history => ProtocolWorld.Live(history), iter: SomeHistories, print: Storyteller.Tell);
}
