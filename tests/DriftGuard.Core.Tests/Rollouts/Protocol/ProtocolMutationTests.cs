using CsCheck;
using DriftGuard.Core.Tests.Rollouts.Protocol.Histories;
using static DriftGuard.Core.Tests.Rollouts.Protocol.Histories.Happening;

namespace DriftGuard.Core.Tests.Rollouts.Protocol;

/// <summary>Each rule of the protocol is needed: where it is left out, some history breaks an invariant.</summary>
public sealed class ProtocolMutationTests
{
    private const int MostHistories = 120_000;
    private const ulong Seed = 1;

    // As random as the others, but one in ten thousands: the shortest ones that were found.
    private static readonly Dictionary<Mutation, Choice[]> Rare = new()
    {
        [Mutation.FenceNonceReused] =
            [new(Run, 23), new(Run, 22), new(Run, 24), new(Run, 13), new(Run, 7), new(Run, 16), new(Ask, 4), new(Run, 12), new(WriteUnderWay, 0)],
        [Mutation.StateWithoutLease] =
            [new(Run, 19), new(Run, 26), new(Run, 24), new(Run, 22), new(Run, 21), new(Run, 4), new(Supersede, 0), new(Run, 3), new(RunSuperseded, 4)],
        [Mutation.FenceLoweredUnrecorded] = [new(Run, 33), new(Run, 31), new(Run, 9), new(Run, 16), new(Run, 18), new(Delay, 1), new(Ask, 4), new(Run, 11), new(WriteUnderWay, 0)],
        [Mutation.ReversePassByStampAlone] =
            [new(Worse, 0), new(Write, 4), new(Run, 17), new(Run, 26), new(Run, 25), new(Run, 30), new(Run, 18), new(Run, 12), new(Run, 21), new(Write, 30), new(Run, 29)],
        [Mutation.LeftOutIsNotCompared] =
        [
            new(Run, 14), new(Run, 19), new(Run, 4), new(Run, 17), new(Write, 5), new(Worse, 0), new(Run, 16), new(Run, 23), new(Run, 18), new(Run, 16), new(Run, 31),
            new(WriteUnderWay, 0), new(Run, 10), new(Write, 30), new(Diverge, 0), new(Run, 29), new(Run, 18),
        ],
    };

    public static TheoryData<string> Mutations => [.. Enum.GetValues<Mutation>().Except([Mutation.None]).Select(mutation => mutation.ToString())];

    [Theory]
    [MemberData(nameof(Mutations))]
    public void A_protocol_without_one_of_its_rules_is_caught(string rule)
    {
        var mutation = Enum.Parse<Mutation>(rule);
        foreach (var (index, history) in HistoriesFor(mutation).Index())
        {
            // It must be the rule that makes the difference.
            if (Storyteller.Violation(history, mutation) is not null && Storyteller.Violation(history, Mutation.None) is null)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"after {index + 1} histories: {Storyteller.Tell(history, mutation)}");
                return;
            }
        }

        Assert.Fail("no history without a violation of the whole protocol has one without this rule");
    }

    private static IEnumerable<History> HistoriesFor(Mutation mutation)
    {
        if (Rare.TryGetValue(mutation, out var choices))
        {
            return [new(new(StampedBlue: true, DirectWriters: false, NoFence: false, TwoPeers: false, ManyShards: true), choices)];
        }

        var random = new PCG(1, Seed);
        return Enumerable.Range(0, MostHistories).Select(_ => HistoryGenerator.Any.Generate(random, null, out var _));
    }
}
