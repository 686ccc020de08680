using DriftGuard.Core.Text;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Loops;
using DriftGuard.Worker.Telemetry.Metrics;
using DriftGuard.Worker.Telemetry.Watching;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Bridges;

/// <summary>
/// Sees that no bridge is forgotten: ends those that have come to their end, says of each that is in use that it is, again and again, and measures it as
/// <c>driftguard.bridge.active</c>, by index.
/// </summary>
internal sealed partial class BridgeWatch : ILoop
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SayAgain = TimeSpan.FromMinutes(10);

    private readonly BridgeEnds ends;
    private readonly DriftGuardMetrics metrics;
    private readonly TimeProvider time;
    private readonly ILogger<BridgeWatch> log;
    private readonly Dictionary<string, DateTimeOffset> _said = new(StringComparer.Ordinal);
    private volatile FigureSet _inUse;

    public BridgeWatch(BridgeEnds ends, DriftGuardMetrics metrics, TimeProvider time, ILogger<BridgeWatch> log)
    {
        (this.ends, this.metrics, this.time, this.log, _inUse) = (ends, metrics, time, log, new(metrics.Indexes));
        GatewayMetrics.BridgeActive.Observe(metrics.Meter, () => _inUse.Of(GatewayMetrics.BridgeActive));
    }

    /// <inheritdoc/>
    public string Name => "bridges";

    /// <summary>Looks once.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        var (ended, inUse) = await ends.EndAsync(null, cancellation);
        foreach (var (bridge, reason) in ended)
        {
            LogEnded(log, bridge.Id, bridge.Index, reason);
        }

        var now = time.GetUtcNow();
        foreach (var bridge in inUse.Where(bridge => !_said.TryGetValue(bridge.Id, out var at) || now - at >= SayAgain))
        {
            LogInUse(log, bridge.Index, bridge.Model, bridge.OldModel, bridge.Id, DurationText.Format(TimeSpan.FromMinutes(Math.Floor((now - bridge.At).TotalMinutes))), bridge.Until);
            _said[bridge.Id] = now;
        }

        foreach (var gone in _said.Keys.Except(inUse.Select(bridge => bridge.Id), StringComparer.Ordinal).ToList())
        {
            _said.Remove(gone);
        }

        var figures = new FigureSet(metrics.Indexes);
        foreach (var bridge in inUse)
        {
            figures.Add(GatewayMetrics.BridgeActive, 1, bridge.Index);
        }

        _inUse = figures;
    }

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stopping);
            }
            catch (Exception failure) when (failure is StateException or QdrantException)
            {
                LogUnread(log, failure.Message);
            }

            await Task.Delay(LookAgain, time, stopping);
        }
    }

    [LoggerMessage(5045, LogLevel.Warning, "Index {Index}: queries of {Model} search the vectors of {OldModel} over bridge {Bridge}, for {Since} now and until {Until} at most; a rollout ends it")]
    private static partial void LogInUse(ILogger log, string index, string model, string oldModel, string bridge, string since, DateTimeOffset until);

    [LoggerMessage(5046, LogLevel.Information, "Bridge {Bridge} of index {Index} has ended: {Reason}")]
    private static partial void LogEnded(ILogger log, string bridge, string index, string reason);

    [LoggerMessage(5047, LogLevel.Warning, "Bridges cannot be looked at, trying again: {Failure}")]
    private static partial void LogUnread(ILogger log, string failure);
}
