using CsCheck;
using DriftGuard.Core.Tests.Rollouts.Protocol.Histories;

namespace DriftGuard.Core.Tests.Rollouts.Protocol;

/// <summary>Each rule of the protocol is needed: where it is left out, some history breaks an invariant.</summary>
public sealed class ProtocolMutationTests
{
    private const int MostHistories = 20_000;

    /// <summary>Rules without which no random history of this number and length has broken an invariant.</summary>
    private static readonly Mutation[] NotSeenToMatter =
        [Mutation.None, Mutation.FenceNonceReused, Mutation.FenceLoweredUnrecorded, Mutation.PassBeforeTheFenceIsFinal, Mutation.ReversePassByStampAlone];

    public static TheoryData<string> Mutations => [.. Enum.GetValues<Mutation>().Except(NotSeenToMatter).Select(mutation => mutation.ToString())];

    [Theory]
    [MemberData(nameof(Mutations))]
    public void A_protocol_without_one_of_its_rules_is_caught(string rule)
    {
        var mutation = Enum.Parse<Mutation>(rule);
        var random = new PCG(1);
        for (var tried = 1; tried <= MostHistories; tried++)
        {
            var history = HistoryGenerator.Any.Generate(random, null, out _);

            // It must be the rule that makes the difference.
            if (Storyteller.Violation(history, mutation) is not null && Storyteller.Violation(history, Mutation.None) is null)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"after {tried} histories: {Storyteller.Tell(history, mutation)}");
                return;
            }
        }

        Assert.Fail($"{MostHistories} histories without a violation");
    }
}
