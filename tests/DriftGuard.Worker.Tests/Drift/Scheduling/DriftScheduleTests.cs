using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Drift.Scheduling;

namespace DriftGuard.Worker.Tests.Drift.Scheduling;

public sealed class DriftScheduleTests
{
    private static readonly DriftOptions Defaults = new();

    [Fact]
    public void An_index_that_says_nothing_has_the_common_schedules() =>
        DriftSchedule.For(Defaults, new() { Name = "docs" }).ShouldBe(
        [
            new("model", "model", "0 5 * * * ?", null), new("schema", "schema", "0 10 * * * ?", null),
            new("index", "index", "0 30 2 ? * MON-SAT", 300), new("indexDeep", "index", "0 30 2 ? * SUN", 3000),
            new("quality", "quality", "0 0 3 * * ?", null), new("data", "data", "0 30 3 * * ?", null),
        ]);

    [Fact]
    public void An_index_that_is_not_declared_has_them_too() =>
        DriftSchedule.For(Defaults, null).ShouldBe(DriftSchedule.For(Defaults, new() { Name = "docs" }));

    [Fact]
    public void What_an_index_sets_goes_before_and_the_rest_stays()
    {
        var own = new IndexDriftOptions { Model = new() { Cron = "0 0 0 * * ?" }, Index = new() { Sample = 7 }, IndexDeep = new() { Cron = "0 0 1 * * ?" } };

        DriftSchedule.For(Defaults, new() { Name = "docs", Drift = own }).Take(4).ShouldBe(
        [
            new("model", "model", "0 0 0 * * ?", null), new("schema", "schema", "0 10 * * * ?", null),
            new("index", "index", "0 30 2 ? * MON-SAT", 7), new("indexDeep", "index", "0 0 1 * * ?", 3000),
        ]);
    }

    [Theory]
    [InlineData("off")]
    [InlineData("")]
    [InlineData(" ")]
    public void A_schedule_that_is_off_is_none_and_an_index_may_switch_it_on_again(string off)
    {
        var options = Defaults with { Schedules = new() { Model = new() { Cron = off } } };

        DriftSchedule.For(options, null).Select(s => s.Name).ShouldBe(["schema", "index", "indexDeep", "quality", "data"]);
        DriftSchedule.For(options, new() { Drift = new() { Model = new() { Cron = "0 0 0 * * ?" }, Data = new() { Cron = off } } })
            .Select(s => s.Name).ShouldBe(["model", "schema", "index", "indexDeep", "quality"]);
    }

    [Fact]
    public void Where_checks_are_not_enabled_there_is_no_schedule() =>
        DriftSchedule.For(Defaults with { Enabled = false }, new() { Drift = new() { Model = new() { Cron = "0 0 0 * * ?" } } }).ShouldBeEmpty();
}
