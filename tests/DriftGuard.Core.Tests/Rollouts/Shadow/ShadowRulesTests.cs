using DriftGuard.Core.Gate;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Shadow;
using static DriftGuard.Core.Rollouts.RolloutPhase;

namespace DriftGuard.Core.Tests.Rollouts.Shadow;

public sealed class ShadowRulesTests
{
    private static readonly CatchUpPass Pass = RolloutExample.Pass(RolloutExample.Start);

    [Theory]
    [InlineData(Planned, ShadowReadiness.None)]
    [InlineData(Copying, ShadowReadiness.None)]
    [InlineData(CatchingUp, ShadowReadiness.Whole)]
    [InlineData(RolloutPhase.Indexing, ShadowReadiness.Whole)]
    [InlineData(Paused, ShadowReadiness.Whole)]
    [InlineData(Evaluating, ShadowReadiness.Indexed)]
    [InlineData(AwaitingApproval, ShadowReadiness.Indexed)]
    [InlineData(CuttingOver, ShadowReadiness.None)]
    [InlineData(Soaking, ShadowReadiness.None)]
    [InlineData(RolledBack, ShadowReadiness.None)]
    public void Green_answers_from_its_first_pass_until_the_cutover(RolloutPhase phase, ShadowReadiness readiness) =>
        Assert.Equal(readiness, ShadowRules.Of(At(phase) with { LastPass = Pass }));

    [Theory]
    [InlineData(CatchingUp)]
    [InlineData(Paused)]
    public void Once_the_gate_was_evaluated_the_index_is_built(RolloutPhase phase) =>
        Assert.Equal(ShadowReadiness.Indexed, ShadowRules.Of(At(phase) with { LastPass = Pass, Gate = RolloutExample.Gate(GateDecision.Blocked, RolloutExample.Start) }));

    [Fact]
    public void Before_the_first_pass_documents_are_missing() => Assert.Equal(ShadowReadiness.None, ShadowRules.Of(At(CatchingUp)));

    [Fact]
    public void A_rollout_that_is_over_or_lost_answers_nothing()
    {
        var waiting = At(AwaitingApproval) with { LastPass = Pass };
        Assert.Equal(ShadowReadiness.None, ShadowRules.Of(waiting with { EndedAt = DateTimeOffset.UnixEpoch }));
        Assert.Equal(ShadowReadiness.None, ShadowRules.Of(waiting with { Failure = new("r", "m") }));
        Assert.Equal(ShadowReadiness.None, ShadowRules.Of(waiting with { Serving = Side.Green }));
    }

    private static Rollout At(RolloutPhase phase) => RolloutExample.Planned() with { Phase = phase };
}
