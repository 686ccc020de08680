using DriftGuard.State;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Drift.Scheduling;
using DriftGuard.Worker.Hosting;
using DriftGuard.Worker.Rollouts.Cluster;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Quartz;

namespace DriftGuard.Worker.Tests.Drift.Scheduling;

/// <summary>With the real Quartz and the real clock.</summary>
public sealed class DriftSchedulerTests : IAsyncLifetime
{
    private const string EverySecond = "* * * * * ?";
    private const string Never = "0 0 0 1 1 ? 2099";

    private readonly string folder = Directory.CreateTempSubdirectory("driftguard-schedule-").FullName;
    private readonly RecordingRunner runner = new();
    private StateStore state = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => state = await StateStore.OpenAsync(Path.Join(folder, "state.db"), TimeProvider.System, Cancellation);

    public ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Checks_run_at_their_times_together_and_never_two_of_an_index_until_the_host_stops()
    {
        await EnrolAsync("docs", TimeProvider.System.GetUtcNow());
        using var host = await StartAsync(Schedules(EverySecond));

        for (var i = 0; i < 3; i++)
        {
            await runner.BegunAsync();
        }

        await host.StopAsync(Cancellation);

        runner.Detectors.ShouldContain("model+schema");
        runner.Checks.ShouldAllBe(c => c.Index == "docs" && c.Check.Sample == null);
        (runner.MostAtOnce, runner.Running).ShouldBe((1, 0));
    }

    [Fact]
    public async Task A_stop_of_the_host_cancels_the_check_that_runs()
    {
        runner.Work = cancellation => Task.Delay(Timeout.Infinite, cancellation);
        await EnrolAsync("docs", TimeProvider.System.GetUtcNow());
        using var host = await StartAsync(Schedules(EverySecond));
        await runner.BegunAsync();

        await host.StopAsync(Cancellation);

        runner.Running.ShouldBe(0);
        runner.Checks.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_was_missed_while_no_worker_ran_is_caught_up_with_at_the_start()
    {
        var now = TimeProvider.System.GetUtcNow();
        await EnrolAsync("docs", now.AddDays(-30));
        await state.AddDriftReportAsync(
            new("1", "docs", now.AddDays(-2), "schedule", "none", "none", "{}", [new("model", "none", null, null, null)]), Cancellation);
        var options = Schedules(Never) with { Schedules = new() { Model = new() { Cron = "0 0 0 * * ?" }, Schema = new() { Cron = Never }, Index = Off, IndexDeep = Off, Quality = new(), Data = new() } };
        using var host = await StartAsync(options);

        await runner.BegunAsync();
        await host.StopAsync(Cancellation);

        var (_, check) = runner.Checks.ShouldHaveSingleItem();
        (check.Detectors.Single(), check.Trigger).ShouldBe(("model", DriftCheckRequest.CatchUp));
    }

    [Fact]
    public async Task Indexes_get_their_triggers_when_they_come_and_lose_them_when_they_go()
    {
        using var host = await StartAsync(Schedules(Never));
        var follower = host.Services.GetRequiredService<DriftScheduler>();
        (await TriggersAsync(host)).ShouldBeEmpty();

        await EnrolAsync("docs", TimeProvider.System.GetUtcNow());
        await follower.FollowIndexesAsync(Cancellation);
        await follower.FollowIndexesAsync(Cancellation);
        (await TriggersAsync(host)).ShouldBe(["drift:docs.model", "drift:docs.schema"]);

        await ForgetAsync("docs");
        await follower.FollowIndexesAsync(Cancellation);
        (await TriggersAsync(host)).ShouldBeEmpty();
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Where_checks_are_not_enabled_nothing_is_scheduled()
    {
        await EnrolAsync("docs", TimeProvider.System.GetUtcNow().AddDays(-30));
        using var host = await StartAsync(Schedules(EverySecond) with { Enabled = false });
        await host.Services.GetRequiredService<DriftScheduler>().FollowIndexesAsync(Cancellation);

        (await TriggersAsync(host)).ShouldBeEmpty();
        await host.StopAsync(Cancellation);
        runner.Checks.ShouldBeEmpty();
    }

    private static DriftSampleScheduleOptions Off => new() { Cron = "off" };

    private static DriftOptions Schedules(string cron) => new()
    {
        Jitter = TimeSpan.Zero,
        Schedules = new() { Model = new() { Cron = cron }, Schema = new() { Cron = cron }, Index = Off, IndexDeep = Off, Quality = new(), Data = new() },
    };

    private static async Task<IReadOnlyList<string>> TriggersAsync(IHost host)
    {
        var scheduler = await host.Services.GetRequiredService<ISchedulerFactory>().GetScheduler(Cancellation);
        var keys = await scheduler.GetTriggerKeys(GroupMatcher<TriggerKey>.GroupStartsWith("drift:"), Cancellation);
        return [.. keys.Select(k => $"{k.Group}.{k.Name}").Order(StringComparer.Ordinal)];
    }

    private Task EnrolAsync(string index, DateTimeOffset at) => state.SaveIndexAsync(new() { Name = index, CreatedAt = at }, Cancellation);

    private async Task ForgetAsync(string index)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Join(folder, "state.db")}");
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM Indexes WHERE Name = $name";
        command.Parameters.AddWithValue("$name", index);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private async Task<IHost> StartAsync(DriftOptions drift)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { DisableDefaults = true });
        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(state)
            .AddSingleton(new DriftGuardOptions { Drift = drift })
            .AddSingleton<IDriftCheckRunner>(runner)
            .AddSingleton<RolloutLeases>()
            .AddQuartz()
            .AddQuartzHostedService(options => options.WaitForJobsToComplete = true)
            .AddDriftScheduler();
        var host = builder.Build();
        await host.StartAsync(Cancellation);
        return host;
    }
}
