using System.Globalization;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Drift.Scheduling;

namespace DriftGuard.Worker.Tests.Drift.Scheduling;

public sealed class DriftAgendaTests
{
    private static readonly DateTimeOffset Enrolled = At("2026-03-01 12:00:00");

    // The index' default schedules: model at :05, schema at :10, index at 02:30 (Sundays deep), quality at 03:00, data at 03:30.
    // 2026-03-10 is a Tuesday.
    [Theory]
    [InlineData("just reported", "2026-03-10 04:00:00", "2026-03-10 04:00:00", "")]
    [InlineData("no time passed", "2026-03-10 04:10:30", "2026-03-10 05:04:59", "")]
    [InlineData("a time is reached", "2026-03-10 04:10:30", "2026-03-10 05:05:00", "model")]
    [InlineData("a report of the time itself", "2026-03-10 05:05:00", "2026-03-10 05:09:00", "")]
    [InlineData("a report after the time", "2026-03-10 05:05:01", "2026-03-10 05:10:00", "schema")]
    [InlineData("a whole night", "2026-03-10 00:15:00", "2026-03-10 03:45:00", "model, schema, index:300, quality, data")]
    [InlineData("many nights, once", "2026-03-02 04:00:00", "2026-03-06 04:00:00", "model, schema, index:300, quality, data")]
    [InlineData("a Sunday, the larger sample", "2026-03-07 12:00:00", "2026-03-08 02:45:00", "model, schema, index:3000")]
    [InlineData("a weekend, the larger sample", "2026-03-07 12:00:00", "2026-03-09 02:45:00", "model, schema, index:3000, quality, data")]
    public void What_passed_since_the_last_report_is_due_once(string what, string reported, string now, string due) =>
        Due(new(), Reported(At(reported)), At(now)).ShouldBe(due, what);

    [Fact]
    public void What_never_reported_is_due_when_a_time_passed_since_the_index_was_enrolled()
    {
        Due(new(), [], At("2026-03-01 12:04:00")).ShouldBe("");
        Due(new(), [], At("2026-03-01 12:06:00")).ShouldBe("model");
        Due(new(), new(StringComparer.Ordinal) { ["model"] = At("2026-03-10 04:06:00") }, At("2026-03-10 04:07:00")).ShouldBe("schema, index:3000, quality, data");
    }

    [Fact]
    public void Where_missed_times_are_skipped_nothing_is_due_at_the_start()
    {
        var agenda = Agenda(new() { Misfire = MisfirePolicy.Skip }, [], At("2026-03-10 04:00:00"));

        agenda.Due(At("2026-03-10 04:00:00")).ShouldBeEmpty();
        agenda.Due(At("2026-03-10 04:05:00")).Select(e => e.Schedule.Name).ShouldBe(["model"]);
    }

    [Theory]
    [InlineData(MisfirePolicy.Skip, "2026-03-10 05:05:59", "model")]
    [InlineData(MisfirePolicy.Skip, "2026-03-10 05:06:30", "")]
    [InlineData(MisfirePolicy.Skip, "2026-03-10 05:10:00", "schema")]
    [InlineData(MisfirePolicy.RunOnce, "2026-03-10 05:10:00", "model, schema")]
    public void What_was_missed_while_the_machine_slept_is_done_or_skipped_when_it_wakes(MisfirePolicy misfire, string woken, string due)
    {
        var began = At("2026-03-10 04:30:00");

        Names(Agenda(new() { Misfire = misfire }, Reported(began), began).Woken(At(woken)).Due(At(woken))).ShouldBe(due);
    }

    [Fact]
    public void What_was_taken_is_not_due_until_its_next_time()
    {
        var now = At("2026-03-10 04:06:00");
        var (check, left) = Agenda(new(), Reported(At("2026-03-10 03:45:00")), now).Take(now);

        check.Detectors.ShouldBe(["model"]);
        left.Due(At("2026-03-10 04:09:59")).ShouldBeEmpty();
        Names(left.Due(At("2026-03-10 05:06:00"))).ShouldBe("model, schema");
    }

    [Fact]
    public void What_fell_due_before_the_start_is_caught_up_with()
    {
        var began = At("2026-03-10 04:06:00");
        var agenda = Agenda(new(), Reported(At("2026-03-10 03:45:00")), began);

        agenda.Take(began).Check.ShouldSatisfyAllConditions(c => c.Trigger.ShouldBe(DriftCheckRequest.CatchUp), c => c.Sample.ShouldBeNull());
        agenda.Take(At("2026-03-10 04:11:00")).Check.ShouldSatisfyAllConditions(
            c => c.Trigger.ShouldBe(DriftCheckRequest.Scheduled), c => c.Detectors.ShouldBe(["model", "schema"]));
        agenda.Take(began).Left.Take(At("2026-03-10 04:11:00")).Check.Trigger.ShouldBe(DriftCheckRequest.Scheduled);
    }

    [Fact]
    public void Times_are_those_of_the_time_zone_also_where_it_changes()
    {
        // 02:30 does not exist in Berlin on 29 March 2026, a Sunday: the clocks go from 2 to 3 at 01:00 UTC.
        var berlin = new DriftOptions { TimeZone = "Europe/Berlin" };

        Names(Agenda(berlin, Reported(At("2026-03-10 00:30:00")), At("2026-03-10 00:30:00")).Due(At("2026-03-10 01:30:00"))).ShouldContain("index");
        Names(Agenda(berlin, Reported(At("2026-03-29 00:15:00")), At("2026-03-29 00:15:00")).Due(At("2026-03-29 01:59:00"))).ShouldContain("quality");
    }

    [Fact]
    public void A_schedule_whose_last_year_has_passed_is_never_due()
    {
        var options = new DriftOptions { Schedules = new() { Model = new() { Cron = "0 0 0 * * ? 2020" } } };

        Agenda(options, [], At("2026-03-10 00:00:00")).Due(DateTimeOffset.MaxValue).Select(e => e.Schedule.Name).ShouldNotContain("model");
    }

    private static Dictionary<string, DateTimeOffset> Reported(DateTimeOffset at) =>
        new[] { "model", "schema", "index", "quality", "data" }.ToDictionary(d => d, _ => at, StringComparer.Ordinal);

    private static DriftAgenda Agenda(DriftOptions options, Dictionary<string, DateTimeOffset> reported, DateTimeOffset now) =>
        DriftAgenda.Begin("docs", Enrolled, DriftSchedule.For(options, null), options, reported, now);

    private static string Due(DriftOptions options, Dictionary<string, DateTimeOffset> reported, DateTimeOffset now)
    {
        var agenda = Agenda(options, reported, now);
        if (agenda.Due(now).Count == 0)
        {
            return "";
        }

        var check = agenda.Take(now).Check;
        return string.Join(", ", check.Detectors.Select(d => d == "index" ? $"{d}:{check.Sample}" : d));
    }

    private static string Names(IEnumerable<AgendaEntry> due) => string.Join(", ", due.Select(e => e.Schedule.Name));

    private static DateTimeOffset At(string utc) => DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
