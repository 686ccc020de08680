using Polly;
using Polly.Retry;

namespace DriftGuard.Worker.Loops;

/// <summary>A loop that is started again whenever it ends, after longer and longer delays until it has run well for a time.</summary>
/// <param name="loop">The loop.</param>
/// <param name="time">The clock.</param>
/// <param name="failed">Is told of each failure: what it threw, null where it just ended; and how often it failed in a row.</param>
/// <param name="starts">Is told of each start after the first.</param>
internal sealed class SupervisedLoop(ILoop loop, TimeProvider time, Action<Exception?, int> failed, Action starts)
{
    /// <summary>What runs for so long runs well: a later failure is its first again.</summary>
    internal static readonly TimeSpan RunsWell = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    private volatile bool _runs;
    private volatile int _failures;
    private long _began;
    private bool _started;

    private enum Ended
    {
        /// <summary>The host stops.</summary>
        Stopped,

        /// <summary>It failed soon.</summary>
        Soon,

        /// <summary>It failed after it had run well.</summary>
        Late,
    }

    /// <summary>The loop itself.</summary>
    public ILoop Loop => loop;

    /// <summary>How it stands.</summary>
    public LoopStanding Standing => new(loop.Name, _runs, _runs && HasRunWell ? 0 : _failures);

    private bool HasRunWell => time.GetElapsedTime(Interlocked.Read(ref _began)) >= RunsWell;

    /// <summary>Keeps it running until the host stops.</summary>
    public async Task KeepAsync(CancellationToken stopping)
    {
        var again = new ResiliencePipelineBuilder<Ended> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<Ended>
            {
                ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Result == Ended.Soon),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstDelay,
                MaxDelay = LongestDelay,
            })
            .Build();
        try
        {
            while (await again.ExecuteAsync(RunOnceAsync, stopping) != Ended.Stopped)
            {
                // It had run well, so it is started at once.
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops while the loop waits.
        }
    }

    private async ValueTask<Ended> RunOnceAsync(CancellationToken stopping)
    {
        if (_started)
        {
            starts();
        }

        (_started, _runs) = (true, true);
        Interlocked.Exchange(ref _began, time.GetTimestamp());
        Exception? failure = null;
        try
        {
            await loop.RunAsync(stopping);
        }
        catch (Exception thrown)
        {
            failure = thrown;
        }

        _runs = false;
        if (stopping.IsCancellationRequested)
        {
            // Also where a step failed in the moment of the stop.
            return Ended.Stopped;
        }

        var late = HasRunWell;
        _failures = late ? 1 : _failures + 1;
        failed(failure, _failures);
        return late ? Ended.Late : Ended.Soon;
    }
}
