using System.Collections.Concurrent;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Pacing;
using DriftGuard.Qdrant;
using DriftGuard.State;
using Microsoft.Extensions.Logging;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Rollouts.Copying.Pacing;

/// <summary>
/// The pace of each rollout that this process copies. While any of its jobs runs, the limits in force, what is spent and the optimiser are looked at
/// every second or few, so that a change made anywhere is felt here.
/// </summary>
internal sealed partial class CopyPaces(
    StateStore state, QdrantStore qdrant, CopySpending spending, ICopySharers sharers, TimeProvider time, ILogger<CopyPaces> log)
{
    private const int LooksAnOptimiserLook = 5;

    // Of rollouts that are not copied now the paces are kept as long as there are no more.
    private const int MostKept = 32;

    private readonly ConcurrentDictionary<string, Watched> all = new(StringComparer.Ordinal);

    /// <summary>How much of its speed a rollout's copy takes in this process; full speed where none runs.</summary>
    public Slowdown SlowdownOf(string rolloutId) => all.TryGetValue(rolloutId, out var watched) && watched.Jobs > 0 ? watched.Pace.Slowdown : Slowdown.None;

    /// <summary>Does a job's work at the pace of its rollout.</summary>
    public async Task RunAsync(Rollout rollout, Func<PacedCopy, Task> job, CancellationToken cancellation)
    {
        // What was learned of latencies outlives a job, and a pause.
        var watched = all.GetOrAdd(rollout.Id, _ => new(new(time)));
        foreach (var idle in all.Count <= MostKept ? [] : all.Where(one => one.Key != rollout.Id && one.Value.Jobs == 0).ToList())
        {
            all.TryRemove(idle);
        }

        await LookAsync(rollout, watched, cancellation);
        watched.Begin(stop => WatchAsync(rollout, watched, stop));
        try
        {
            using var copy = new PacedCopy(watched.Pace, time);
            await job(copy);
        }
        finally
        {
            await watched.EndAsync();
        }
    }

    private async Task LookAsync(Rollout rollout, Watched watched, CancellationToken cancellation)
    {
        var requests = await state.RequestsAsync(rollout.Id, cancellation);
        var limits = requests.Limits.Over(rollout.Settings.Limits);
        var spent = limits.Money is null ? null : spending.Of(
            await state.FindRolloutAsync(rollout.Id, cancellation) ?? rollout, limits, await state.PartitionTotalsAsync(rollout.Id, cancellation));
        watched.Pace.Follow(limits, Math.Max(1, sharers.Of(rollout.Id)), spent);
    }

    private async Task WatchAsync(Rollout rollout, Watched watched, CancellationToken stop)
    {
        for (var look = 1; !stop.IsCancellationRequested; look++)
        {
            try
            {
                await Task.Delay(CopyPace.LookAgain, time, stop);
                await LookAsync(rollout, watched, stop);
                watched.Pace.LookAtRequests();
                if (look % LooksAnOptimiserLook == 0 && await qdrant.FindCollectionAsync(rollout.Green, stop) is { } green)
                {
                    watched.Pace.Saw(new(green.Status is CollectionStatus.Yellow or CollectionStatus.Grey, green.SegmentsCount, green.UpdateQueueLength));
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (StepFailures.IsForPeople(exception))
            {
                // The copy itself meets the same, and that is what people are told of; limits stay as they were.
                LogLookFailed(log, rollout.Id, exception.Message);
            }
        }
    }

    [LoggerMessage(5011, LogLevel.Debug, "Rollout {Rollout}: its limits cannot be looked at, they stay as they were: {Failure}")]
    private static partial void LogLookFailed(ILogger log, string rollout, string failure);

    /// <summary>A pace, and the watch that is kept while jobs go at it.</summary>
    private sealed class Watched(CopyPace pace)
    {
        private readonly Lock counting = new();
        private Func<Task> end = () => Task.CompletedTask;

        public CopyPace Pace { get; } = pace;

        public int Jobs { get; private set; }

        public void Begin(Func<CancellationToken, Task> watching)
        {
            lock (counting)
            {
                if (++Jobs == 1)
                {
                    end = Started(watching);
                }
            }
        }

        public Task EndAsync()
        {
            lock (counting)
            {
                return --Jobs > 0 ? Task.CompletedTask : end();
            }
        }

        /// <summary>Begins to watch; what comes back ends it.</summary>
        private static Func<Task> Started(Func<CancellationToken, Task> watching)
        {
            var stop = new CancellationTokenSource();
            var watch = watching(stop.Token);
            return async () =>
            {
                await stop.CancelAsync();
                await watch;
                stop.Dispose();
            };
        }
    }
}
