using DriftGuard.Core.Drift;
using DriftGuard.Core.Rollouts;
using DriftGuard.State;
using DriftGuard.Worker.Drift;
using DriftGuard.Worker.Rollouts.Copying.Pacing;
using DriftGuard.Worker.Telemetry.Metrics;
using DriftGuard.Worker.Telemetry.Watching;
using DriftGuard.Worker.Tests.Rollouts;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Telemetry;

/// <summary>What the state knows is measured by whoever looks, however often the worker was started anew.</summary>
public sealed class StateWatchTests
{
    [Fact]
    public async Task A_rollout_is_measured_on_its_way()
    {
        await using var world = await WithCorpusAsync();
        using var watched = new Watched(world);
        await watched.LookAsync();
        watched.Metrics.Of(RolloutMetrics.Phase).ShouldBeEmpty();

        var rollout = await world.RunAsync(await world.StartAsync(Quick with { RequireApproval = true }), decision => decision.Phase == RolloutPhase.AwaitingApproval);
        await watched.LookAsync();

        watched.Gauge(RolloutMetrics.Phase).ShouldBe(new() { ["docs AwaitingApproval approval_required"] = 1 });
        watched.Gauge(RolloutMetrics.PointsCopied)["docs"].ShouldBe(400);
        watched.Gauge(RolloutMetrics.PointsTotal)["docs"].ShouldBe(400);
        watched.Gauge(RolloutMetrics.Partitions).ShouldBe(new() { ["docs done"] = 4, ["docs begun"] = 0, ["docs waiting"] = 0, ["docs failed"] = 0 });
        watched.Gauge(RolloutMetrics.GateDecision).ShouldBe(new() { ["docs passed"] = 1 });
        watched.Gauge(RolloutMetrics.GateCondition).Keys.ShouldContain("docs approval inconclusive approval_awaited");
        watched.Gauge(RolloutMetrics.Cutovers)["docs"].ShouldBe(0);

        world.Time.PutForward(TimeSpan.FromHours(2));
        await watched.LookAsync();
        watched.Gauge(RolloutMetrics.PhaseAge)["docs"].ShouldBe(7200, tolerance: 600);

        await world.AskAsync(rollout, RequestKind.Approve);
        await world.RunAsync(rollout);
        await watched.LookAsync();

        watched.Gauge(RolloutMetrics.Phase).Keys.ShouldHaveSingleItem().ShouldStartWith("docs Completed ");
        watched.Gauge(RolloutMetrics.GateCondition).Keys.ShouldContain("docs approval pass approved");
        watched.Gauge(RolloutMetrics.Cutovers)["docs"].ShouldBe(1);
        watched.Metrics.Of(RolloutMetrics.PointsCopied).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_worker_that_starts_shows_what_the_one_before_it_showed()
    {
        await using var world = await WithCorpusAsync();
        await world.RunToSoakAsync(Quick);
        using var before = new Watched(world);
        await before.LookAsync();

        using var after = new Watched(world);
        after.Gauge(RolloutMetrics.Phase).ShouldBeEmpty("nothing was read yet, and nothing is not 0");
        await after.LookAsync();

        foreach (var metric in RolloutMetrics.All.Except([RolloutMetrics.PhaseAge]))
        {
            after.Gauge(metric).ShouldBe(before.Gauge(metric), metric.Name);
        }
    }

    [Fact]
    public async Task What_cannot_be_read_is_not_told_as_0_or_as_it_was()
    {
        await using var world = await WithCorpusAsync();
        await world.RunToSoakAsync(Quick);
        using var watched = new Watched(world);
        await watched.LookAsync();
        watched.Gauge(RolloutMetrics.Phase).Count.ShouldBe(1);

        await BreakAsync(world);
        watched.Clock.Advance(TimeSpan.FromMinutes(5));
        await watched.LookAsync();

        RolloutMetrics.All.SelectMany(watched.Metrics.Of).ShouldBeEmpty();
        watched.Gauge(MetricCatalogue.StateAge).Single().Value.ShouldBe(300);
    }

    [Fact]
    public async Task The_newest_verdict_of_each_detector_is_measured_and_the_cause_of_the_newest_report()
    {
        await using var world = await WithCorpusAsync(100);
        await world.State.AddDriftReportAsync(ReportOf("1", world.Time.GetUtcNow() - TimeSpan.FromHours(3), "index_mixed", ("model", "none"), ("index", "confirmed")), Cancellation);
        await world.State.AddDriftReportAsync(ReportOf("2", world.Time.GetUtcNow() - TimeSpan.FromHours(1), "nothing", ("model", "failed")), Cancellation);
        using var watched = new Watched(world);

        await watched.LookAsync();

        watched.Gauge(DriftMetrics.Verdict).Keys.ShouldBe(["docs model failed", "docs index confirmed"], ignoreOrder: true);
        watched.Gauge(DriftMetrics.Cause).ShouldBe(new() { ["docs nothing"] = 1 });
        watched.Gauge(DriftMetrics.CheckAge)["docs model"].ShouldBe(3600, tolerance: 300);
        watched.Gauge(DriftMetrics.CheckAge)["docs index"].ShouldBe(10800, tolerance: 300);
    }

    [Fact]
    public async Task A_check_whose_time_has_passed_is_overdue_until_there_is_a_report()
    {
        await using var world = await WithCorpusAsync(100);
        using var watched = new Watched(world);
        await watched.LookAsync();
        watched.Gauge(DriftMetrics.CheckOverdue).Values.ShouldAllBe(seconds => seconds == 0);

        world.Time.PutForward(TimeSpan.FromHours(5));
        await watched.LookAsync();

        // Every hour, and then up to ten minutes later.
        watched.Gauge(DriftMetrics.CheckOverdue)["docs model"].ShouldBeInRange(3 * 3600, 5 * 3600);

        await world.State.AddDriftReportAsync(ReportOf("1", world.Time.GetUtcNow(), "nothing", ("model", "none")), Cancellation);
        await watched.LookAsync();
        watched.Gauge(DriftMetrics.CheckOverdue)["docs model"].ShouldBe(0);
    }

    private static StoredDriftReport ReportOf(string id, DateTimeOffset at, string cause, params (string Detector, string Verdict)[] verdicts)
    {
        var report = new DriftReport
        {
            Id = id,
            Index = IndexName,
            At = at,
            Trigger = DriftService.Requested,
            Detectors = [.. verdicts.Select(v => DetectorResult.Without(Enum.Parse<Detector>(v.Detector, ignoreCase: true), Enum.Parse<DriftVerdict>(v.Verdict, ignoreCase: true), DriftReason.Unexpected, ""))],
            Diagnosis = Core.Drift.Diagnosis.Diagnostician.Diagnose(new(IndexName, [], new Dictionary<Detector, DateTimeOffset>())),
            Seed = 1,
            Milliseconds = 1,
        };
        return new(id, IndexName, at, report.Trigger, verdicts[^1].Verdict, cause, System.Text.Json.JsonSerializer.Serialize(report, DriftJson.Options),
            [.. verdicts.Select(v => new StoredDriftVerdict(v.Detector, v.Verdict, null, null, null))]);
    }

    /// <summary>Takes a table away, as no upgrade does.</summary>
    private static async Task BreakAsync(RolloutWorld world)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Join(world.Folder, "state.db") }.ToString());
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = """ALTER TABLE "DriftVerdicts" RENAME TO "Away" """;
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>The watch of a process that has just started.</summary>
    private sealed class Watched : IDisposable
    {
        private readonly ServiceProvider _services;
        private readonly StateWatch _watch;

        public Watched(RolloutWorld world)
        {
            _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
            var metrics = new DriftGuardMetrics(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), world.Options);
            IFigures[] figures =
            [
                new DriftFigures(world.State, new(world.State, world.Options, world.Time), world.Time),
                new RolloutFigures(world.State, world.Services.GetRequiredService<CopySpending>(), new(world.State), world.Time),
            ];
            _watch = new(figures, metrics, Clock, NullLogger<StateWatch>.Instance);
            Metrics = new(_services);
        }

        public FakeTimeProvider Clock { get; } = new();

        public MeasuredMetrics Metrics { get; }

        public Task LookAsync() => _watch.LookAsync(Cancellation);

        public Dictionary<string, double> Gauge(MetricDefinition metric) => new(Metrics.Gauge(metric), StringComparer.Ordinal);

        public void Dispose()
        {
            Metrics.Dispose();
            _services.Dispose();
        }
    }
}
