namespace DriftGuard.State.Tests;

public sealed class DriftReportOnSqliteTests() : DriftReportTests(StateKind.Sqlite);

public sealed class DriftReportOnPostgresTests() : DriftReportTests(StateKind.Postgres);

public abstract class DriftReportTests(StateKind kind) : StateFolder(kind)
{
    [Fact]
    public async Task A_report_is_found_with_the_verdicts_in_the_order_of_its_detectors()
    {
        var saved = Report("1", 0, ("schema", "none"), ("model", "confirmed")) with
        {
            Verdicts = [new("schema", "none", null, null, null), new("model", "confirmed", .5, 1e-12, double.NaN)],
        };
        await Store.AddDriftReportAsync(saved, Cancellation);

        var read = await (await OpenAsync()).FindDriftReportAsync("1", Cancellation);

        (read! with { Verdicts = saved.Verdicts }).ShouldBe(saved);
        read.Verdicts.ShouldBe([new("schema", "none", null, null, null), new("model", "confirmed", .5, 1e-12, null)]);
        (await Store.FindDriftReportAsync("2", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task The_latest_and_the_last_good_one_are_those_of_the_index()
    {
        await AddAsync(
            Report("1", 1, ("model", "none"), ("index", "none")), Report("2", 2, ("model", "none")), Report("3", 3, ("model", "confirmed")),
            Report("4", 4, "faq", ("model", "none")));

        (await Store.LatestDriftReportAsync("docs", Cancellation))!.Id.ShouldBe("3");
        (await Store.LastGoodDriftChecksAsync("docs", Cancellation)).OrderBy(l => l.Key).Select(l => (l.Key, l.Value))
            .ShouldBe([("index", Noon.AddDays(1)), ("model", Noon.AddDays(2))]);
        (await Store.LatestDriftReportAsync("none", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task The_latest_verdict_of_each_detector_and_index_comes_with_the_cause_of_the_newest_report()
    {
        (await Store.LatestDriftVerdictsAsync(Cancellation)).ShouldBeEmpty();
        await AddAsync(
            Report("1", 1, ("model", "none"), ("index", "confirmed")) with { Cause = "index_mixed" }, Report("3", 3, ("model", "failed")) with { Cause = "model_missing" }, Report("2", 2, ("model", "none")),
            Report("4", 4, "faq", ("model", "none"), ("data", "insufficient_data")));

        (await Store.LatestDriftVerdictsAsync(Cancellation)).OrderBy(v => v.Index).ThenBy(v => v.Detector).ShouldBe(
        [
            new("docs", "index", "confirmed", Noon.AddDays(1), "1", null), new("docs", "model", "failed", Noon.AddDays(3), "3", "model_missing"),
            new("faq", "data", "insufficient_data", Noon.AddDays(4), "4", "none"), new("faq", "model", "none", Noon.AddDays(4), "4", "none"),
        ]);
    }

    [Fact]
    public async Task Reports_are_listed_newest_first_with_a_limit_and_from_a_time_on()
    {
        await AddAsync(Report("1", 1, ("model", "none"), ("data", "none")), Report("3", 3, ("model", "none")), Report("2", 2, ("model", "none")), Report("4", 4, "faq"));

        (await Store.ListDriftReportsAsync("docs", 2, null, Cancellation)).Select(r => r.Id).ShouldBe(["3", "2"]);
        (await Store.ListDriftReportsAsync("docs", 9, Noon.AddDays(2), Cancellation)).Select(r => r.Id).ShouldBe(["3", "2"]);
        var all = await Store.ListDriftReportsAsync(null, 9, null, Cancellation);
        all.Select(r => r.Id).ShouldBe(["4", "3", "2", "1"]);
        all.Select(r => string.Join('+', r.Detectors)).ShouldBe(["", "model", "model", "model+data"]);
    }

    [Fact]
    public async Task The_history_of_a_detector_holds_what_it_took_part_in_newest_first()
    {
        await AddAsync(Report("1", 1, ("model", "none")), Report("2", 2, ("data", "none")), Report("3", 3, ("model", "suspected"), ("data", "none")), Report("4", 4, ("model", "none")));

        (await Store.DriftHistoryAsync("docs", "model", 2, Cancellation)).Select(h => (h.ReportId, h.At, h.Found.Verdict))
            .ShouldBe([("4", Noon.AddDays(4), "none"), ("3", Noon.AddDays(3), "suspected")]);
        (await Store.DriftReportJsonAsync("docs", "model", 2, Cancellation)).ShouldBe(["""{"id":"4"}""", """{"id":"3"}"""]);
        (await Store.LastDriftChecksAsync("docs", Cancellation)).OrderBy(l => l.Key).Select(l => (l.Key, l.Value))
            .ShouldBe([("data", Noon.AddDays(3)), ("model", Noon.AddDays(4))]);
    }

    [Theory]
    [InlineData("none", false)]
    [InlineData("insufficient_data", false)]
    [InlineData("suspected", true)]
    [InlineData("confirmed", true)]
    [InlineData("failed", true)]
    public async Task What_somebody_has_to_look_at_is_in_the_audit_log(string verdict, bool audited)
    {
        await AddAsync(Report("1", 1, ("model", verdict)) with { Verdict = verdict, Cause = "provider_changed_model" });

        (await Store.AuditAsync("docs", Cancellation)).Select(a => (a.Event, a.Reason, a.At))
            .ShouldBe(audited ? [("drift_checked", "provider_changed_model", Noon.AddDays(1))] : []);
    }

    [Fact]
    public async Task A_report_that_cannot_be_stored_leaves_no_audit_event()
    {
        await AddAsync(Report("1", 1, ("model", "none")));

        await Should.ThrowAsync<StateException>(() => AddAsync(Report("1", 2, ("model", "confirmed")) with { Verdict = "confirmed" }));

        (await Store.AuditAsync("docs", Cancellation)).ShouldBeEmpty();
        (await Store.DriftHistoryAsync("docs", "model", 9, Cancellation)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Neither_the_newest_nor_the_last_good_report_of_a_detector_is_pruned()
    {
        await AddAsync(
            Report("older", 0, ("model", "none"), ("data", "none")), Report("good-data", 1, ("data", "none")), Report("good-model", 2, ("model", "none")),
            Report("bad", 3, ("model", "confirmed")), Report("newest", 4, ("model", "suspected")), Report("only", 0, "faq", ("model", "failed")));

        (await Store.PruneDriftReportsAsync(Noon.AddDays(50), Cancellation)).ShouldBe(2);

        (await Store.ListDriftReportsAsync("docs", 9, null, Cancellation)).Select(r => r.Id).ShouldBe(["newest", "good-model", "good-data"]);
        (await Store.ListDriftReportsAsync("faq", 9, null, Cancellation)).Select(r => r.Id).ShouldBe(["only"]);
        (await Store.DriftHistoryAsync("docs", "model", 9, Cancellation)).Select(h => h.ReportId).ShouldBe(["newest", "good-model"]);
    }

    [Fact]
    public async Task What_is_young_enough_is_not_pruned()
    {
        await AddAsync(Report("1", 1, ("model", "confirmed")), Report("2", 2, ("model", "confirmed")), Report("3", 3, ("model", "confirmed")));

        (await Store.PruneDriftReportsAsync(Noon.AddDays(2), Cancellation)).ShouldBe(1);

        (await Store.ListDriftReportsAsync("docs", 9, null, Cancellation)).Select(r => r.Id).ShouldBe(["3", "2"]);
    }

    private static StoredDriftReport Report(string id, int day, params IEnumerable<(string Detector, string Verdict)> found) => Report(id, day, "docs", found);

    private static StoredDriftReport Report(string id, int day, string index, params IEnumerable<(string Detector, string Verdict)> found) => new(
        id, index, Noon.AddDays(day), "schedule", "none", "none", $$"""{"id":"{{id}}"}""",
        [.. found.Select(f => new StoredDriftVerdict(f.Detector, f.Verdict, null, null, null))]);

    private async Task AddAsync(params IEnumerable<StoredDriftReport> reports)
    {
        foreach (var report in reports)
        {
            await Store.AddDriftReportAsync(report, Cancellation);
        }
    }
}
