using DriftGuard.Cli.Commands.Rollout;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Rollouts;
using static DriftGuard.Core.Rollouts.RolloutPhase;

namespace DriftGuard.Cli.Tests.Rollouts;

public sealed class RolloutRestTests
{
    private const long Requested = 7;

    [Theory]
    [InlineData(Completed, null, ExitCode.Success)]
    [InlineData(Soaking, null, ExitCode.Success)]
    [InlineData(AwaitingApproval, null, ExitCode.Inconclusive)]
    [InlineData(RolledBack, null, ExitCode.Refused)]
    [InlineData(RolledBack, RolledBack, ExitCode.Success)]
    [InlineData(Paused, Paused, ExitCode.Success)]
    [InlineData(Aborted, Aborted, ExitCode.Success)]
    [InlineData(Completed, RolledBack, ExitCode.Conflict)]
    [InlineData(Soaking, RolledBack, ExitCode.Conflict)]
    [InlineData(Completed, Paused, ExitCode.Conflict)]
    [InlineData(Soaking, Paused, ExitCode.Conflict)]
    [InlineData(Failed, Aborted, ExitCode.Conflict)]
    public void A_request_is_a_success_only_where_it_led_to_what_was_wished(RolloutPhase phase, RolloutPhase? wished, ExitCode code) =>
        RolloutRest.CodeOf(At(phase), wished).ShouldBe(code);

    [Theory]
    [InlineData(RolloutReason.BudgetSpent, ExitCode.Refused)]
    [InlineData(RolloutReason.GateBlocked, ExitCode.Refused)]
    [InlineData(RolloutReason.PauseRequested, ExitCode.Inconclusive)]
    [InlineData(RolloutReason.AliasMovedByHand, ExitCode.Conflict)]
    public void A_pause_says_by_its_reason_what_it_means(string reason, ExitCode code) =>
        RolloutRest.CodeOf(At(Paused) with { Reason = reason }, wished: null).ShouldBe(code);

    [Theory]
    [InlineData(Completed)]
    [InlineData(Soaking)]
    [InlineData(Paused)]
    [InlineData(AwaitingApproval)]
    public void A_rest_from_before_the_request_was_seen_is_none(RolloutPhase phase)
    {
        RolloutRest.IsReached(At(phase) with { RequestsSeen = Requested - 1 }, throughSoak: false, Requested).ShouldBeFalse();
        RolloutRest.IsReached(At(phase) with { RequestsSeen = Requested }, throughSoak: false, Requested).ShouldBeTrue();
        RolloutRest.IsReached(At(phase), throughSoak: false, request: 0).ShouldBeTrue();
    }

    [Theory]
    [InlineData(Failed)]
    [InlineData(Aborted)]
    public void A_request_that_came_when_all_was_over_is_not_waited_for(RolloutPhase phase) =>
        RolloutRest.IsReached(At(phase) with { EndedAt = DateTimeOffset.UnixEpoch.AddHours(1) }, throughSoak: false, Requested).ShouldBeTrue();

    [Fact]
    public void A_paused_rollout_whose_collection_is_being_removed_does_not_rest()
    {
        var aborting = At(Paused) with { Reason = RolloutReason.AbortRequested, RequestsSeen = Requested };
        var failing = At(Paused) with { Reason = RolloutReason.GateRefused, Failure = new(RolloutReason.GateRefused, ""), RequestsSeen = Requested };

        RolloutRest.IsReached(aborting, throughSoak: false, Requested).ShouldBeFalse();
        RolloutRest.IsReached(failing, throughSoak: false, Requested).ShouldBeFalse();
        RolloutRest.IsReached(failing with { Reason = RolloutReason.GreenReferenced }, throughSoak: false, Requested).ShouldBeTrue("it waits for a person");
    }

    private static Rollout At(RolloutPhase phase) => new()
    {
        Id = "docs-r1",
        Index = "docs",
        FromModel = "old",
        FromFingerprint = "old",
        ToModel = "new",
        ToFingerprint = "new",
        Blue = "blue",
        Green = "green",
        CalibrationSet = "set",
        CreatedAt = DateTimeOffset.UnixEpoch,
        ExpectedToken = new("docs", 1, "n"),
        Phase = phase,
    };
}
