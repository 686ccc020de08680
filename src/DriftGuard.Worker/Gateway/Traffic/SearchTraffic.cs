using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Statistics;
using DriftGuard.State;
using DriftGuard.Worker.Gateway.Routing;
using DriftGuard.Worker.Loops;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Gateway.Traffic;

/// <summary>
/// Counts searches by the collection that served them and the minute, and keeps the counts in the state every few seconds: by them the soak of a rollout
/// tells whether the new collection serves as well as the old one did.
/// </summary>
internal sealed partial class SearchTraffic(StateStore state, TimeProvider time, ILogger<SearchTraffic> log) : ILoop
{
    private static readonly TimeSpan BetweenKeeps = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenDrops = TimeSpan.FromHours(1);

    /// <summary>A cutover is judged against the day before it.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(3);

    // While the state cannot be reached the latest are kept in memory, and no more.
    private const int MostMinutes = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Index, string Collection, DateTimeOffset Minute), Counts> _counts = [];
    private DateTimeOffset _droppedAt;

    /// <inheritdoc/>
    public string Name => "search_traffic";

    /// <summary>A search was answered.</summary>
    /// <param name="route">By what.</param>
    /// <param name="found">Results.</param>
    /// <param name="took">How long it took, embedding included.</param>
    public void Answered(IndexRoute route, int found, TimeSpan took) => Add(route, took, counts => counts.Empty += found == 0 ? 1 : 0);

    /// <summary>A search was not answered, and not because of how it was asked.</summary>
    public void Failed(IndexRoute route, TimeSpan took) => Add(route, took, counts => counts.Failed++);

    /// <summary>Whoever asked did not wait for the answer: it took at least so long.</summary>
    public void GivenUp(IndexRoute route, TimeSpan took) => Add(route, took, _ => { });

    /// <summary>Keeps what has changed since it was last kept.</summary>
    public async Task KeepAsync(CancellationToken cancellation)
    {
        var now = TrafficMinute.Of(time.GetUtcNow());
        List<(SearchMinute Minute, long Version)> changed;
        lock (_gate)
        {
            changed = [.. _counts.Where(one => one.Value.Version != one.Value.KeptVersion)
                .Select(one => (new SearchMinute(one.Key.Index, one.Key.Collection, one.Key.Minute, one.Value.Figures), one.Value.Version))];
        }

        if (changed.Count > 0)
        {
            await state.KeepSearchMinutesAsync([.. changed.Select(one => one.Minute)], cancellation);
        }

        lock (_gate)
        {
            foreach (var (minute, version) in changed)
            {
                // Where there were too many it is gone by now.
                if (_counts.TryGetValue(KeyOf(minute), out var counts))
                {
                    counts.KeptVersion = version;
                }
            }

            foreach (var over in _counts.Where(one => one.Key.Minute < now && one.Value.Version == one.Value.KeptVersion).Select(one => one.Key).ToList())
            {
                _counts.Remove(over);
            }
        }
    }

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            await TryAsync(stopping);
            await Task.Delay(BetweenKeeps, time, stopping);
        }
    }

    /// <inheritdoc/>
    public Task EndAsync(CancellationToken cancellation) => TryAsync(cancellation);

    private async Task TryAsync(CancellationToken cancellation)
    {
        try
        {
            await KeepAsync(cancellation);
            var now = time.GetUtcNow();
            if ((now - _droppedAt).Duration() >= BetweenDrops)
            {
                await state.DropSearchMinutesAsync(now - Kept, cancellation);
                _droppedAt = now;
            }
        }
        catch (StateException failure)
        {
            LogNotKept(log, failure.Message);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The last ones are kept at the end.
        }
    }

    private void Add(IndexRoute route, TimeSpan took, Action<Counts> also)
    {
        var key = (route.Definition.Name, route.Collection, TrafficMinute.Of(time.GetUtcNow()));
        lock (_gate)
        {
            if (!_counts.TryGetValue(key, out var counts))
            {
                if (_counts.Count >= MostMinutes)
                {
                    _counts.Remove(_counts.Keys.MinBy(one => one.Minute));
                }

                _counts.Add(key, counts = new());
            }

            counts.Version++;
            counts.Searches++;
            counts.Latency.Add(Math.Max(0, took.TotalMilliseconds));
            also(counts);
        }
    }

    private static (string, string, DateTimeOffset) KeyOf(SearchMinute minute) => (minute.Index, minute.Collection, minute.Minute);

    /// <summary>The counts of one minute; a version that is not kept yet differs from the kept one.</summary>
    private sealed class Counts
    {
        public long Version { get; set; }

        public long KeptVersion { get; set; }

        public long Searches { get; set; }

        public long Failed { get; set; }

        public long Empty { get; set; }

        public LatencyHistogram Latency { get; } = new();

        /// <summary>As they are now.</summary>
        public SearchFigures Figures => SearchFigures.Sum([new(Searches, Failed, Empty, Latency)]);
    }

    [LoggerMessage(5031, LogLevel.Warning, "What was counted of searches cannot be kept now, and is tried again: {Failure}")]
    private static partial void LogNotKept(ILogger log, string failure);
}
