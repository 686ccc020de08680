using DriftGuard.Worker.Configuration;

namespace DriftGuard.Worker.Tests.Configuration;

public sealed class DriftOptionsTests : IDisposable
{
    private const string Expected = "expected a cron expression (second minute hour day month weekday) such as '0 30 2 * * ?', or 'off', found";

    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_file_checks_have_the_documented_defaults()
    {
        var drift = _folder.Load("").Drift;

        (drift.Enabled, drift.Jitter, drift.Misfire, drift.TimeZone).ShouldBe((true, TimeSpan.FromMinutes(10), MisfirePolicy.RunOnce, "UTC"));
        (drift.ProviderTextsPerDay, drift.ReportRetention, drift.KeepBaselines, drift.StoreQueryText).ShouldBe((20_000, TimeSpan.FromDays(90), 5, false));
        drift.Schedules.Model.Cron.ShouldBe("0 5 * * * ?");
        drift.Schedules.Schema.Cron.ShouldBe("0 10 * * * ?");
        drift.Schedules.Index.ShouldBe(new() { Cron = "0 30 2 ? * MON-SAT", Sample = 300 });
        drift.Schedules.IndexDeep.ShouldBe(new() { Cron = "0 30 2 ? * SUN", Sample = 3000 });
        drift.Schedules.Quality.Cron.ShouldBe("0 0 3 * * ?");
        drift.Schedules.Data.Cron.ShouldBe("0 30 3 * * ?");
        drift.Queries.ShouldBe(new() { CapacityPerDay = 1000, Days = 60, Seed = 20_261_124, Independent = false });
        drift.Index.ScanUpTo.ShouldBe(100_000);
    }

    [Fact]
    public void Every_key_is_read_from_the_file()
    {
        var options = _folder.Load("""
            drift:
              enabled: false
              jitter: 30s
              misfire: skip
              timeZone: Europe/Berlin
              providerTextsPerDay: 0
              reportRetention: 14d
              keepBaselines: 2
              storeQueryText: true
              schedules:
                model: { cron: "0 0 * * * ?" }
                index: { sample: 500 }
                indexDeep: { cron: off }
              queries:
                capacityPerDay: 10
                days: 7
                seed: 3
                independent: true
              index:
                scanUpTo: 5
            indexes:
              - name: docs
                drift:
                  index: { sample: 50 }
                  data: { cron: off }
            """);

        var drift = options.Drift;
        (drift.Enabled, drift.Jitter, drift.Misfire, drift.TimeZone).ShouldBe((false, TimeSpan.FromSeconds(30), MisfirePolicy.Skip, "Europe/Berlin"));
        (drift.ProviderTextsPerDay, drift.ReportRetention, drift.KeepBaselines, drift.StoreQueryText).ShouldBe((0, TimeSpan.FromDays(14), 2, true));
        drift.Schedules.Model.Cron.ShouldBe("0 0 * * * ?");
        drift.Schedules.IndexDeep.Cron.ShouldBe("off");
        drift.Queries.ShouldBe(new() { CapacityPerDay = 10, Days = 7, Seed = 3, Independent = true });
        drift.Index.ScanUpTo.ShouldBe(5);
        options.Indexes[0].Drift.ShouldBe(new IndexDriftOptions { Index = new() { Sample = 50 }, Data = new() { Cron = "off" } });
    }

    [Fact]
    public void What_is_not_set_of_a_schedule_keeps_the_default_of_that_schedule() =>
        _folder.Load("drift:\n  schedules:\n    index: { sample: 500 }\n", ("DRIFTGUARD__DRIFT__SCHEDULES__INDEX_DEEP__CRON", "0 0 1 ? * SAT")).Drift.Schedules
            .ShouldSatisfyAllConditions(
                s => s.Index.ShouldBe(new() { Cron = "0 30 2 ? * MON-SAT", Sample = 500 }),
                s => s.IndexDeep.ShouldBe(new() { Cron = "0 0 1 ? * SAT", Sample = 3000 }));

    [Theory]
    [InlineData("drift:\n  misfire: runonc", "2:3: drift.misfire: expected one of runOnce, skip, found 'runonc'; did you mean 'runOnce'?")]
    [InlineData("drift:\n  jitter: 2d", "2:3: drift.jitter: must be between 0s and 1d, found 2d")]
    [InlineData("drift:\n  keepBaselines: 0", "2:3: drift.keepBaselines: must be between 1 and 1000, found 0")]
    [InlineData("drift:\n  timeZone: Berlin", "2:3: drift.timeZone: expected a time zone such as UTC or Europe/Berlin, found 'Berlin'")]
    [InlineData("drift:\n  schedules:\n    model:\n      sample: 1", "4:7: drift.schedules.model.sample: unknown key; known here: cron")]
    [InlineData("drift:\n  schedules:\n    index:\n      sample: 0", "4:7: drift.schedules.index.sample: must be between 1 and 1000000, found 0")]
    [InlineData("drift:\n  queries:\n    days: 20", "3:5: drift.queries.days: a day is judged against 20 past ones: keep at least 21, or set drift.queries.independent if queries are, or drift.schedules.data.cron to off")]
    [InlineData("indexes:\n  - name: a\n    drift:\n      index:\n        sample: 0", "5:9: indexes[0].drift.index.sample: must be between 1 and 1000000, found 0")]
    public void A_mistake_is_told_with_its_place_and_what_was_expected(string yaml, string problem) =>
        _folder.Problems(yaml).ShouldBe([$"driftguard.yaml:{problem}"]);

    [Theory]
    [InlineData("drift:\n  schedules:\n    model:\n      cron: daily", "4:7: drift.schedules.model.cron", "daily")]
    [InlineData("drift:\n  schedules:\n    data:\n      cron: 30 2 * * *", "4:7: drift.schedules.data.cron", "30 2 * * *")]
    [InlineData("drift:\n  schedules:\n    quality:\n      cron: 0 0 25 * * ?", "4:7: drift.schedules.quality.cron", "0 0 25 * * ?")]
    [InlineData("drift:\n  schedules:\n    quality:\n      cron: 0 0 3 30 2 ?", "4:7: drift.schedules.quality.cron", "0 0 3 30 2 ?")]
    [InlineData("indexes:\n  - name: a\n    drift:\n      indexDeep:\n        cron: weekly", "5:9: indexes[0].drift.indexDeep.cron", "weekly")]
    public void A_cron_expression_that_is_none_is_told_with_an_example(string yaml, string place, string found) =>
        _folder.Problems(yaml).ShouldHaveSingleItem().ShouldStartWith($"driftguard.yaml:{place}: {Expected} '{found}': ");

    [Theory]
    [InlineData("drift:\n  queries:\n    days: 1\n    independent: true")]
    [InlineData("drift:\n  queries:\n    days: 1\n  schedules:\n    data: { cron: off }")]
    [InlineData("drift:\n  schedules:\n    model: { cron: '' }\n    schema: { cron: off }\n    quality: { cron: '0 0/30 8-18 ? * MON-FRI 2020' }")]
    public void What_makes_sense_is_accepted(string yaml) => Should.NotThrow(() => _folder.Load(yaml));

    [Fact]
    public void Every_setting_is_shown_with_its_source()
    {
        var settings = EffectiveSettings.List(DriftGuardConfiguration.LoadWithOrigins(
            _folder.Write("drift:\n  schedules:\n    index: { sample: 500 }\nindexes:\n  - name: a\n    drift:\n      data: { cron: off }\n  - name: b\n"), ConfigurationFolder.Environment()));

        settings.ShouldContain(new EffectiveSetting("drift.schedules.index.cron", "0 30 2 ? * MON-SAT", "default"));
        settings.ShouldContain(new EffectiveSetting("drift.schedules.index.sample", "500", "driftguard.yaml:3:14"));
        settings.ShouldContain(new EffectiveSetting("drift.misfire", "runOnce", "default"));
        settings.ShouldContain(new EffectiveSetting("indexes[0].drift.data.cron", "off", "driftguard.yaml:7:15"));
        settings.ShouldContain(new EffectiveSetting("indexes[1].drift", null, "default"));
    }
}
