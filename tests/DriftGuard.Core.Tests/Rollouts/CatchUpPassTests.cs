using DriftGuard.Core.Rollouts;
using static DriftGuard.Core.Tests.Rollouts.RolloutExample;

namespace DriftGuard.Core.Tests.Rollouts;

public sealed class CatchUpPassTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(20);
    private static readonly WriteFence Fence = new(FenceKind.Alias, "f1", Blue, Start);

    [Fact]
    public void Under_the_fence_only_what_changed_since_a_long_pass_began_is_compared() =>
        Begin(Judged() with { LastPass = Took(Long), Fence = Fence }).ChangesSince.ShouldBe(Start - Long - CatchUpPass.ClocksApart);

    [Fact]
    public void Passes_that_follow_each_other_under_fences_ask_from_the_same_time_on() =>
        Begin(Judged() with { LastPass = Took(TimeSpan.FromSeconds(1)) with { ChangesSince = Start - Long }, Fence = Fence }).ChangesSince.ShouldBe(Start - Long);

    [Fact]
    public void Everything_is_compared_where_nothing_holds_writes() => Begin(Judged() with { LastPass = Took(Long) }).ChangesSince.ShouldBeNull();

    [Fact]
    public void Everything_is_compared_where_that_was_quick() => Begin(Judged() with { LastPass = Took(TimeSpan.FromSeconds(15)), Fence = Fence }).ChangesSince.ShouldBeNull();

    [Fact]
    public void Everything_is_compared_where_the_source_cannot_tell() =>
        Begin(Judged() with { LastPass = Took(Long), Fence = Fence }, knowsChanges: false).ChangesSince.ShouldBeNull();

    [Fact]
    public void Everything_is_compared_where_the_source_was_silent_about_a_change_and_that_is_not_forgotten()
    {
        var pass = Begin(Judged() with { LastPass = Took(Long) with { Untold = 1 }, Fence = Fence });

        pass.ChangesSince.ShouldBeNull();
        pass.Untold.ShouldBe(1);
    }

    [Fact]
    public void Everything_is_compared_in_the_first_pass_of_a_direction() =>
        Begin(CutOver() with { LastPass = Took(Long), Fence = Fence with { Collection = Green } }).ChangesSince.ShouldBeNull();

    [Theory]
    [InlineData(-30)]
    [InlineData(30)]
    public void Everything_is_compared_where_the_clock_was_set_meanwhile(int minutes)
    {
        var pass = Took(Long);
        var set = minutes < 0 ? pass with { FinishedAt = pass.StartedAt.AddMinutes(minutes) } : pass with { FinishedAt = Start.AddMinutes(minutes) };

        Begin(Judged() with { LastPass = set, Fence = Fence }).ChangesSince.ShouldBeNull();
    }

    [Fact]
    public void Changes_are_held_against_the_source_from_before_the_pass_before_or_the_planning_or_the_cutover()
    {
        CatchUpPass.FirstChangeAfter(Judged() with { LastPass = Took(Long) }).ShouldBe(Start - Long - CatchUpPass.ClocksApart);
        CatchUpPass.FirstChangeAfter(Planned()).ShouldBe(Start - CatchUpPass.ClocksApart);
        CatchUpPass.FirstChangeAfter(CutOver() with { CutOverAt = Start.AddHours(1) }).ShouldBe(Start.AddHours(1) - CatchUpPass.ClocksApart);
    }

    private static CatchUpPass Took(TimeSpan duration) => Pass(Start) with { StartedAt = Start - duration };

    private static CatchUpPass Begin(Rollout rollout, bool knowsChanges = true)
    {
        var seen = See(rollout) with
        {
            Fence = rollout.Fence is { } fence ? new() { HeldBy = fence.Nonce, Aliases = new Dictionary<string, string>(StringComparer.Ordinal) { [fence.Nonce] = Blue } } : new() { WriteTarget = Blue },
        };
        return CatchUpPass.Begin(seen, 7, knowsChanges, Start);
    }
}
