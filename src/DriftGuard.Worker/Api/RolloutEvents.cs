using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DriftGuard.Worker.Health;
using DriftGuard.Worker.Rollouts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DriftGuard.Worker.Api;

/// <summary>
/// Follows rollouts for whoever listens: an event with the whole rollout whenever something of it has changed, so that whoever comes late or comes back misses
/// nothing. It is read once a second whoever many listen. A process that is about to stop ends the stream: whoever listens comes back to another one.
/// </summary>
public sealed class RolloutEvents(RolloutViews rollouts, Draining draining, TimeProvider time)
{
    /// <summary>Listeners at a time.</summary>
    public const int MostListeners = 256;

    /// <summary>The type of an event with a rollout.</summary>
    public const string Changed = "rollout";

    /// <summary>The type of an event that says only that somebody is there.</summary>
    public const string Beat = "beat";

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BeatAgain = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, (long At, Task<string> Read)> _reads = new(StringComparer.Ordinal);
    private int _listeners;

    /// <summary>Answers <c>GET /api/v1/rollouts/{rollout}/events</c>.</summary>
    internal static async Task<ServerSentEventsResult<string>> ServeAsync(string rollout, RolloutEvents events, RolloutService rollouts, CancellationToken cancellation)
    {
        // Before the stream begins, so that a rollout that is not there is a 404; by its id, since a later one of the index is another.
        var id = (await rollouts.FindAsync(rollout, cancellation)).Id;
        return TypedResults.ServerSentEvents(events.FollowAsync(id, cancellation));
    }

    private async IAsyncEnumerable<SseItem<string>> FollowAsync(string id, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _listeners) > MostListeners)
        {
            Interlocked.Decrement(ref _listeners);
            throw new OperatorException(OperatorError.Unavailable, $"{MostListeners} follow rollouts already: try again later, or ask now and then");
        }

        try
        {
            var last = "";
            for (var said = time.GetTimestamp(); !draining.Begun.IsCancellationRequested;)
            {
                var now = await ReadAsync(id);
                if (now != last)
                {
                    (last, said) = (now, time.GetTimestamp());
                    yield return new(now, Changed);
                }
                else if (time.GetElapsedTime(said) >= BeatAgain)
                {
                    said = time.GetTimestamp();
                    yield return new("{}", Beat);
                }

                await Task.Delay(LookAgain, time, cancellation);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _listeners);

            // What somebody follows is read again and again.
            foreach (var left in _reads.Where(one => time.GetElapsedTime(one.Value.At) > BeatAgain || one.Key == id))
            {
                _reads.TryRemove(left);
            }
        }
    }

    private Task<string> ReadAsync(string id) => _reads.AddOrUpdate(
        id,
        key => (time.GetTimestamp(), ReadNowAsync(key)),
        (key, before) => time.GetElapsedTime(before.At) < LookAgain / 2 ? before : (time.GetTimestamp(), ReadNowAsync(key))).Read;

    private async Task<string> ReadNowAsync(string id) => JsonSerializer.Serialize(await rollouts.ReadAsync(id, CancellationToken.None), ApiJson.Options);
}
