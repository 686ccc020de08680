using System.Collections.Concurrent;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Health;
using DriftGuard.Worker.Loops;
using DriftGuard.Worker.Telemetry.Metrics;
using DriftGuard.Worker.Tests.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DriftGuard.Worker.Tests.Loops;

/// <summary>No loop of a worker dies unseen.</summary>
public sealed class LoopSupervisorTests
{
    private const int ErrorEvent = 5100, StillRunsEvent = 5101, EndFailedEvent = 5102;

    // Protection against hanging.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_loop_that_throws_or_ends_is_started_again_and_takes_nobody_with_it(bool throws)
    {
        var (bad, good) = (new ScriptedLoop("bad"), new ScriptedLoop("good"));
        bad.Does = (_, _) => throws ? throw new InvalidOperationException("boom") : Task.CompletedTask;
        await using var hosted = await Hosted.StartAsync(bad, good);

        await hosted.UntilAsync(() => bad.Starts >= 4);

        hosted.Metrics.Of(LoopMetrics.Restarts).Where(one => one.Tags["loop"] == "bad").Sum(one => one.Value).ShouldBeGreaterThanOrEqualTo(3);
        hosted.Metrics.Of(LoopMetrics.Restarts).Where(one => one.Tags["loop"] == "good").Sum(one => one.Value).ShouldBe(0);
        hosted.Metrics.Gauge(LoopMetrics.Running)["good"].ShouldBe(1);
        good.Starts.ShouldBe(1);
        var failures = hosted.Logged(ErrorEvent);
        failures.Count.ShouldBeGreaterThanOrEqualTo(3);
        failures.ShouldAllBe(failure => failure.Message.Contains("bad", StringComparison.Ordinal) && (failure.Exception != null) == throws);
        hosted.Host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task Each_metric_is_there_from_the_beginning()
    {
        await using var hosted = await Hosted.StartAsync(new ScriptedLoop("one"));

        await hosted.UntilAsync(() => hosted.Metrics.Gauge(LoopMetrics.Running)["one"] == 1);
        hosted.Metrics.Of(LoopMetrics.Restarts).ShouldHaveSingleItem().Value.ShouldBe(0);
    }

    [Fact]
    public async Task The_longer_it_fails_the_longer_it_waits_up_to_a_minute_and_no_two_waits_are_alike()
    {
        var loop = new ScriptedLoop("bad") { Does = (_, _) => throw new InvalidOperationException("boom") };
        await using var hosted = await Hosted.StartAsync(loop);

        await hosted.UntilAsync(() => loop.Starts >= 11, TimeSpan.FromMilliseconds(250));

        var waits = loop.StartedAt.Zip(loop.StartedAt.Skip(1), (a, b) => b - a).Take(10).ToList();
        waits.ShouldAllBe(wait => wait <= TimeSpan.FromMinutes(1) + TimeSpan.FromMilliseconds(250));
        waits.Take(3).Sum(wait => wait.TotalSeconds).ShouldBeLessThan(waits.Skip(7).Sum(wait => wait.TotalSeconds) / 3);
        waits.Take(6).Distinct().Count().ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task A_loop_that_has_run_well_begins_again_with_the_first_failure()
    {
        var loop = new ScriptedLoop("bad");
        var fails = true;
        loop.Does = (_, stopping) => fails ? throw new InvalidOperationException("boom") : Task.Delay(SupervisedLoop.RunsWell + TimeSpan.FromMinutes(1), loop.Time!, stopping);
        await using var hosted = await Hosted.StartAsync(loop);
        await hosted.UntilAsync(() => hosted.Standing("bad").KeepsFailing);

        fails = false;
        await hosted.UntilAsync(() => hosted.Standing("bad") is { Runs: true, KeepsFailing: false }, TimeSpan.FromSeconds(5));
        fails = true;
        var before = hosted.Logged(ErrorEvent).Count;
        await hosted.UntilAsync(() => hosted.Logged(ErrorEvent).Count > before, TimeSpan.FromSeconds(5));

        hosted.Logged(ErrorEvent)[before].Message.ShouldContain("1 times");
    }

    [Fact]
    public async Task One_that_keeps_failing_is_told_by_the_health_page_until_it_runs_well()
    {
        var loop = new ScriptedLoop("bad") { Does = (_, _) => throw new InvalidOperationException("secret of an exception") };
        await using var hosted = await Hosted.StartAsync(loop, new ScriptedLoop("good"));
        var health = new LoopHealthCheck(hosted.Host.Services.GetRequiredService<LoopSupervisor>());

        await hosted.UntilAsync(() => loop.Starts >= 5);
        var failing = await health.CheckHealthAsync(new(), Cancellation);
        loop.Does = null;
        await hosted.UntilAsync(() => !hosted.Standing("bad").KeepsFailing, TimeSpan.FromSeconds(5));
        var mended = await health.CheckHealthAsync(new(), Cancellation);

        failing.Status.ShouldBe(HealthStatus.Degraded);
        failing.Description.ShouldNotBeNull().ShouldContain("bad has failed");
        failing.Description.ShouldNotContain("good");
        failing.Description.ShouldNotContain("secret");
        (mended.Status, mended.Description).ShouldBe((HealthStatus.Healthy, "2 of 2 loops run"));
    }

    [Fact]
    public async Task A_loop_that_ends_with_the_host_is_no_failure_and_is_waited_for_with_what_it_leaves()
    {
        var (ended, left) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), false);
        var loop = new ScriptedLoop("slow")
        {
            Does = async (_, stopping) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await ended.Task;
                throw new InvalidOperationException("a step failed in the moment of the stop");
            },
            Ends = _ =>
            {
                left = ended.Task.IsCompleted;
                return Task.CompletedTask;
            },
        };
        await using var hosted = await Hosted.StartAsync(loop, new ScriptedLoop("good"));
        await hosted.UntilAsync(() => loop.Starts == 1);

        var stop = hosted.Host.StopAsync(Cancellation);
        await hosted.UntilAsync(() => loop.Stopping.IsCancellationRequested);
        stop.IsCompleted.ShouldBeFalse();
        ended.SetResult();
        await stop;

        left.ShouldBeTrue();
        loop.Starts.ShouldBe(1);
        hosted.Logged(ErrorEvent).ShouldBeEmpty();
        hosted.Logged(StillRunsEvent).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_waiting_loop_leaves_is_brought_to_an_end_as_well()
    {
        var ended = false;
        var loop = new ScriptedLoop("bad")
        {
            Does = (_, _) => throw new InvalidOperationException("boom"),
            Ends = _ =>
            {
                ended = true;
                throw new InvalidOperationException("and at the end");
            },
        };
        await using var hosted = await Hosted.StartAsync(loop);
        await hosted.UntilAsync(() => loop.Starts >= 3);

        await hosted.Host.StopAsync(Cancellation);

        ended.ShouldBeTrue();
        hosted.Logged(EndFailedEvent).ShouldHaveSingleItem().Message.ShouldContain("bad");
    }

    [Fact]
    public async Task Whoever_does_not_stop_is_cut_off_when_the_time_of_the_host_is_over_and_named()
    {
        var loop = new ScriptedLoop("stubborn") { Does = (_, _) => new TaskCompletionSource().Task };
        await using var hosted = await Hosted.StartAsync(loop, new ScriptedLoop("good"));
        await hosted.UntilAsync(() => loop.Starts == 1);
        using var over = new CancellationTokenSource();

        var supervisor = hosted.Host.Services.GetRequiredService<LoopSupervisor>();
        var stop = supervisor.StopAsync(over.Token);
        await hosted.UntilAsync(() => loop.Stopping.IsCancellationRequested && !supervisor.Standings.Single(standing => standing.Name == "good").Runs);
        stop.IsCompleted.ShouldBeFalse();
        await over.CancelAsync();
        await stop.WaitAsync(Longest, Cancellation);

        hosted.Logged(StillRunsEvent).ShouldHaveSingleItem().Message.ShouldContain("stubborn");
    }

    /// <summary>A host with some loops and a clock that is put forward.</summary>
    private sealed class Hosted : IAsyncDisposable
    {
        private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

        private readonly FakeTimeProvider _time = new();
        private readonly FakeLogCollector _logs = new();

        private Hosted(ScriptedLoop[] loops)
        {
            var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new() { DisableDefaults = true });
            builder.Services.AddSingleton<TimeProvider>(_time).AddSingleton(new DriftGuardOptions());
            builder.Logging.AddProvider(new FakeLoggerProvider(_logs));
            foreach (var loop in loops)
            {
                loop.Time = _time;
                builder.Services.AddLoop(_ => loop);
            }

            Host = builder.Build();
            Metrics = new(Host.Services);
        }

        public IHost Host { get; }

        public MeasuredMetrics Metrics { get; }

        public static async Task<Hosted> StartAsync(params ScriptedLoop[] loops)
        {
            var hosted = new Hosted(loops);
            await hosted.Host.StartAsync(Cancellation);
            return hosted;
        }

        public LoopStanding Standing(string loop) => Host.Services.GetRequiredService<LoopSupervisor>().Standings.Single(one => one.Name == loop);

        public List<FakeLogRecord> Logged(int id) => [.. _logs.GetSnapshot().Where(record => record.Id.Id == id)];

        /// <summary>Lets time pass until something holds.</summary>
        public async Task UntilAsync(Func<bool> holds, TimeSpan? tick = null)
        {
            using var hanging = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            hanging.CancelAfter(Longest);
            while (!holds())
            {
                _time.Advance(tick ?? Tick);
                await Task.Delay(1, hanging.Token);
            }
        }

        public async ValueTask DisposeAsync()
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await Host.StopAsync(limit.Token);
            Metrics.Dispose();
            Host.Dispose();
        }
    }

    private sealed class ScriptedLoop(string name) : ILoop
    {
        private readonly ConcurrentQueue<DateTimeOffset> _startedAt = [];

        public string Name => name;

        /// <summary>What it does, by how often it was started; waits for the stop unless set.</summary>
        public Func<int, CancellationToken, Task>? Does { get; set; }

        public Func<CancellationToken, Task>? Ends { get; init; }

        public FakeTimeProvider? Time { get; set; }

        public int Starts => _startedAt.Count;

        public IReadOnlyList<DateTimeOffset> StartedAt => [.. _startedAt];

        public CancellationToken Stopping { get; private set; }

        public Task RunAsync(CancellationToken stopping)
        {
            Stopping = stopping;
            _startedAt.Enqueue(Time!.GetUtcNow());
            return Does?.Invoke(Starts, stopping) ?? Task.Delay(Timeout.InfiniteTimeSpan, stopping);
        }

        public Task EndAsync(CancellationToken cancellation) => Ends?.Invoke(cancellation) ?? Task.CompletedTask;
    }
}
