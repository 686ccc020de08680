namespace DriftGuard.Embedding.Http;

/// <summary>
/// Lets through so much a minute, evenly, in the order of asking. It begins with room for one second, not for a minute: a process that is
/// started again and again must not send a minute's worth each time. What was let through and failed is not given back, since the server counted it.
/// </summary>
internal sealed class TokenBucket
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMinutes(1);

    private readonly double _perSecond;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private double _available;
    private long _refilled;

    public TokenBucket(int perMinute, TimeProvider time)
    {
        _perSecond = perMinute / 60d;
        _time = time;
        _available = Burst;
        _refilled = time.GetTimestamp();
    }

    /// <summary>What may go at once.</summary>
    private double Burst => Math.Max(1, _perSecond);

    /// <summary>Waits until so much may go. More than there ever is at once is let through all the same, and waited for by the next.</summary>
    public async Task WaitAsync(int amount, CancellationToken cancellation)
    {
        var wait = Reserve(amount);
        try
        {
            for (; wait > TimeSpan.Zero; wait -= LongestTimer)
                await Task.Delay(wait < LongestTimer ? wait : LongestTimer, _time, cancellation);
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
                _available += amount;
            throw;
        }
    }

    /// <summary>Takes so much, on credit where it has to, and says when the credit will be paid.</summary>
    private TimeSpan Reserve(int amount)
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            _available = Math.Min(Burst, _available + (_time.GetElapsedTime(_refilled, now).TotalSeconds * _perSecond));
            _refilled = now;

            // What is asked for may be more than the burst: then a full bucket is enough.
            var needed = Math.Min(amount, Burst);
            var wait = _available >= needed ? TimeSpan.Zero : TimeSpan.FromSeconds((needed - _available) / _perSecond);
            _available -= amount;
            return wait;
        }
    }
}
