using System.Collections.Concurrent;

namespace DriftGuard.Testing;

/// <summary>
/// Time for tests of patience: every wait is over at once and written down, but for one length of wait, the limit of silence, which
/// ends only when a test says that it does.
/// </summary>
/// <param name="silence">The length that does not pass by itself.</param>
public sealed class HurriedTime(TimeSpan silence) : TimeProvider
{
    private readonly Lock _lock = new();
    private bool _silent;

    /// <summary>The waits that were over at once.</summary>
    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    /// <summary>Lets the limit of silence pass for the next who waits for it. To be called where nobody does.</summary>
    public void PassSilence()
    {
        lock (_lock)
            _silent = true;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HurriedTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class HurriedTimer(HurriedTime time, TimerCallback callback, object? state) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                if (dueTime != time.Silence)
                {
                    time.Waits.Enqueue(dueTime);
                    Fire();
                }
                else if (time._silent)
                {
                    time._silent = false;
                    Fire();
                }

                return true;
            }
        }

        private void Fire() => ThreadPool.QueueUserWorkItem(_ => callback(state));

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private TimeSpan Silence => silence;
}
