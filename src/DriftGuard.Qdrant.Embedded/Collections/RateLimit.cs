using Grpc.Core;

namespace DriftGuard.Qdrant.Embedded.Collections;

/// <summary>So many operations a minute: a bucket that starts full and refills evenly, as Qdrant's strict mode has it.</summary>
internal sealed class RateLimit(string kind, uint perMinute, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private double _tokens = perMinute;
    private long _last = clock.GetTimestamp();

    public void Take()
    {
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            _tokens = Math.Min(perMinute, _tokens + (clock.GetElapsedTime(_last, now).TotalMinutes * perMinute));
            _last = now;
            if (_tokens >= 1)
            {
                _tokens--;
                return;
            }

            var wait = Math.Ceiling((1 - _tokens) * 60 / perMinute);
            throw Refusal.Because(StatusCode.ResourceExhausted, FormattableString.Invariant(
                $"Rate limiting exceeded: {kind} rate limit exceeded: Operation requires 1 tokens but only {_tokens:F1} were available. Retry after {wait:F0}s"));
        }
    }
}
