using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Drift.Scheduling;

/// <summary>
/// The checks of indexes, one at a time for each index. Whatever falls due while one waits or runs is done together by the next: a diagnosis
/// sees more in findings of one time than in the same findings one by one.
/// </summary>
internal sealed partial class DriftChecks(IDriftCheckRunner runner, TimeProvider time, ILogger<DriftChecks> log)
{
    private readonly ConcurrentDictionary<string, IndexChecks> indexes = new(StringComparer.Ordinal);

    /// <summary>Puts an index under its agenda, unless it has one already.</summary>
    public void Add(string index, DriftAgenda agenda) => indexes.TryAdd(index, new(agenda));

    /// <summary>Does what is due for an index, until nothing is any more.</summary>
    /// <param name="index">The index.</param>
    /// <param name="due">The time for which it was woken; the clock may still stand a little before it.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task RunAsync(string index, DateTimeOffset due, CancellationToken cancellation)
    {
        if (!indexes.TryGetValue(index, out var checks))
        {
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, checks.Stop.Token);
        try
        {
            await checks.Turn.WaitAsync(stop.Token);
            try
            {
                await RunDueAsync(index, checks, due, stop.Token);
            }
            finally
            {
                checks.Turn.Release();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            LogStopped(log, index);
        }
    }

    /// <summary>Stops the checks of an index and waits until none runs; none begins afterwards.</summary>
    public async Task RemoveAsync(string index, CancellationToken cancellation)
    {
        if (indexes.TryGetValue(index, out var checks))
        {
            await checks.Stop.CancelAsync();
            await checks.Turn.WaitAsync(cancellation);
            indexes.TryRemove(index, out _);
        }
    }

    /// <summary>Stops the checks of every index.</summary>
    public Task StopAllAsync(CancellationToken cancellation) => Task.WhenAll(indexes.Keys.Select(index => RemoveAsync(index, cancellation)));

    private async Task RunDueAsync(string index, IndexChecks checks, DateTimeOffset due, CancellationToken cancellation)
    {
        var now = Later(due, time.GetUtcNow());
        checks.Agenda = checks.Agenda.Woken(now);
        while (checks.Agenda.Due(now) is [var first, ..])
        {
            await Task.Delay(first.Jitter, time, cancellation);
            now = Later(now, time.GetUtcNow());
            (var check, checks.Agenda) = checks.Agenda.Take(now);
            await CheckAsync(index, check, cancellation);
            now = Later(now, time.GetUtcNow());
        }
    }

    private async Task CheckAsync(string index, DriftCheckRequest check, CancellationToken cancellation)
    {
        try
        {
            await runner.RunScheduledAsync(index, check, cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            LogFailed(log, index, string.Join(", ", check.Detectors), exception);
        }
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    [LoggerMessage(5020, LogLevel.Error, "Index {Index}: its check ({Detectors}) failed unexpectedly; it is done again at its next time")]
    private static partial void LogFailed(ILogger log, string index, string detectors, Exception exception);

    [LoggerMessage(5021, LogLevel.Information, "Index {Index}: its check was stopped")]
    private static partial void LogStopped(ILogger log, string index);

    private sealed class IndexChecks(DriftAgenda agenda)
    {
        /// <summary>Only who has the turn reads or sets it.</summary>
        public DriftAgenda Agenda { get; set; } = agenda;

        /// <summary>Held by the one check that waits or runs; whoever stops the index takes it for good.</summary>
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public CancellationTokenSource Stop { get; } = new();
    }
}
