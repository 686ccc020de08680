namespace DriftGuard.Core.Rates;

/// <summary>
/// Lets through so much a second, evenly, in the order of asking. It begins with room for one second, not for a minute: a process that is
/// started again and again must not send a minute's worth each time. What was let through and failed is not given back, since the server counted it.
/// The rate may change at any time, also for those who wait. Thread-safe.
/// </summary>
public sealed class TokenBucket
{
    /// <summary>No wait is longer without a look whether the rate is still the same.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestTimer = TimeSpan.FromMilliseconds(1);

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private double? _perSecond;
    private double _available;
    private double _supplied;
    private long _refilled;

    /// <summary>A full bucket.</summary>
    /// <param name="perSecond">How much goes through a second; null for any amount.</param>
    /// <param name="time">The clock.</param>
    public TokenBucket(double? perSecond, TimeProvider time)
    {
        (_time, _perSecond) = (time, perSecond);
        _available = Burst;
        _refilled = time.GetTimestamp();
    }

    /// <summary>How much goes through a second; null for any amount.</summary>
    public double? PerSecond
    {
        get
        {
            lock (_lock)
                return _perSecond;
        }

        set
        {
            lock (_lock)
            {
                Refill();
                _perSecond = value;
            }
        }
    }

    /// <summary>What may go at once.</summary>
    private double Burst => Math.Max(1, _perSecond ?? 1);

    /// <summary>Waits until so much may go. More than there ever is at once is let through all the same, and waited for by the next.</summary>
    public async Task WaitAsync(double amount, CancellationToken cancellation)
    {
        var due = Reserve(amount);
        try
        {
            while (TimeUntil(due) is { } wait && wait > TimeSpan.Zero)
                await Task.Delay(wait > LongestTimer ? LongestTimer : wait < ShortestTimer ? ShortestTimer : wait, _time, cancellation);
        }
        catch (OperationCanceledException)
        {
            Take(-amount);
            throw;
        }
    }

    /// <summary>Takes so much without waiting, as where it turns out that more went through than was asked for; less than nothing gives back.</summary>
    public void Take(double amount)
    {
        lock (_lock)
        {
            Refill();
            _available = Math.Min(Burst, _available - amount);
        }
    }

    /// <summary>Takes so much, on credit where it has to, and says at which supply the credit is paid.</summary>
    private double Reserve(double amount)
    {
        lock (_lock)
        {
            Refill();

            // What is asked for may be more than the burst: then a full bucket is enough.
            var missing = Math.Min(amount, Burst) - _available;
            _available -= amount;
            return _supplied + missing;
        }
    }

    private TimeSpan TimeUntil(double due)
    {
        lock (_lock)
        {
            Refill();
            return _perSecond is not { } rate || due <= _supplied ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min((due - _supplied) / rate, LongestTimer.TotalSeconds));
        }
    }

    private void Refill()
    {
        var now = _time.GetTimestamp();
        var supply = _time.GetElapsedTime(_refilled, now).TotalSeconds * (_perSecond ?? 0);
        _supplied += supply;

        // Where there is no limit nothing is owed.
        _available = _perSecond is null ? Burst : Math.Min(Burst, _available + supply);
        _refilled = now;
    }
}
