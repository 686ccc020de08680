using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Drift.Scheduling;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace DriftGuard.Worker.Tests.Drift.Scheduling;

public sealed class DriftChecksTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 10, 4, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider clock = new(Start);
    private readonly RecordingRunner runner = new();
    private readonly ErrorLog log = new();
    private readonly DriftChecks checks;

    public DriftChecksTests() => checks = new(runner, clock, log);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_runs_while_nothing_is_due()
    {
        Add("docs", jitter: TimeSpan.Zero);

        await WakeAsync("docs");

        runner.Checks.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_due_runs_once_however_many_triggers_wake_it()
    {
        Add("docs", jitter: TimeSpan.Zero);
        clock.Advance(TimeSpan.FromMinutes(5));

        await Task.WhenAll(WakeAsync("docs"), WakeAsync("docs"), WakeAsync("docs"));

        runner.Detectors.ShouldBe(["model"]);
    }

    [Fact]
    public async Task A_check_runs_at_its_time_although_the_clock_stands_just_before_it()
    {
        Add("docs", jitter: TimeSpan.Zero);
        clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));

        await checks.RunAsync("docs", Start + TimeSpan.FromMinutes(5), Cancellation);
        await WakeAsync("docs");

        runner.Detectors.ShouldBe(["model"]);
    }

    [Fact]
    public async Task A_check_is_put_off_and_takes_along_what_falls_due_meanwhile()
    {
        // The delay of "docs" and "model" is 80 % of the longest.
        Add("docs", jitter: TimeSpan.FromMinutes(10));
        clock.Advance(TimeSpan.FromMinutes(5));

        var run = WakeAsync("docs");
        clock.Advance(TimeSpan.FromMinutes(8));
        runner.Checks.ShouldBeEmpty();
        clock.Advance(TimeSpan.FromMinutes(1));
        await run;

        runner.Detectors.ShouldBe(["model+schema"]);
    }

    [Fact]
    public async Task What_falls_due_while_a_check_runs_is_done_together_by_the_next()
    {
        Add("docs", jitter: TimeSpan.Zero);
        var end = new TaskCompletionSource();
        runner.Work = _ => end.Task;
        clock.Advance(TimeSpan.FromMinutes(5));

        var run = WakeAsync("docs");
        await runner.BegunAsync();
        clock.Advance(TimeSpan.FromHours(1));
        var again = WakeAsync("docs");
        end.SetResult();
        await Task.WhenAll(run, again);

        runner.Detectors.ShouldBe(["model", "model+schema"]);
        runner.MostAtOnce.ShouldBe(1);
    }

    [Fact]
    public async Task Indexes_do_not_wait_for_each_other()
    {
        Add("docs", jitter: TimeSpan.Zero);
        Add("faq", jitter: TimeSpan.Zero);
        var end = new TaskCompletionSource();
        runner.Work = _ => end.Task;
        clock.Advance(TimeSpan.FromMinutes(5));

        var runs = Task.WhenAll(WakeAsync("docs"), WakeAsync("faq"));
        await runner.BegunAsync();
        await runner.BegunAsync();
        end.SetResult();
        await runs;

        runner.MostAtOnce.ShouldBe(2);
    }

    [Fact]
    public async Task A_check_that_throws_is_told_and_the_next_runs()
    {
        Add("docs", jitter: TimeSpan.Zero);
        runner.Work = _ => throw new InvalidOperationException("broken");
        clock.Advance(TimeSpan.FromMinutes(5));
        await WakeAsync("docs");

        runner.Work = _ => throw new OperationCanceledException("a time limit of its own");
        clock.Advance(TimeSpan.FromMinutes(5));
        await WakeAsync("docs");

        runner.Detectors.ShouldBe(["model", "schema"]);
        log.Errors.ShouldBe(["Index docs: its check (model) failed unexpectedly; it is done again at its next time", "Index docs: its check (schema) failed unexpectedly; it is done again at its next time"]);
    }

    [Fact]
    public async Task A_stop_cancels_the_check_that_runs_and_waits_for_its_end()
    {
        Add("docs", jitter: TimeSpan.Zero);
        var end = new TaskCompletionSource();
        runner.Work = async cancellation =>
        {
            await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await end.Task;
            cancellation.ThrowIfCancellationRequested();
        };
        clock.Advance(TimeSpan.FromMinutes(5));

        var run = WakeAsync("docs");
        await runner.BegunAsync();
        var stop = checks.StopAllAsync(Cancellation);
        stop.IsCompleted.ShouldBeFalse();
        end.SetResult();
        await stop;
        runner.Running.ShouldBe(0);
        await run;

        log.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stop_ends_a_check_that_is_put_off_before_it_begins()
    {
        Add("docs", jitter: TimeSpan.FromMinutes(10));
        clock.Advance(TimeSpan.FromMinutes(5));

        var run = WakeAsync("docs");
        await checks.StopAllAsync(Cancellation);
        await run;

        runner.Checks.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_begins_after_a_stop()
    {
        Add("docs", jitter: TimeSpan.Zero);
        clock.Advance(TimeSpan.FromMinutes(5));
        await checks.StopAllAsync(Cancellation);

        await WakeAsync("docs");

        runner.Checks.ShouldBeEmpty();
    }

    private void Add(string index, TimeSpan jitter)
    {
        var options = new DriftOptions { Jitter = jitter };
        checks.Add(index, DriftAgenda.Begin(index, Start, DriftSchedule.For(options, null), options, new Dictionary<string, DateTimeOffset>(), Start));
    }

    private Task WakeAsync(string index) => checks.RunAsync(index, clock.GetUtcNow(), Cancellation);

    private sealed class ErrorLog : ILogger<DriftChecks>
    {
        public List<string> Errors { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Error)
            {
                Errors.Add(formatter(state, exception));
            }
        }
    }
}
