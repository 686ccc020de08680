using System.Diagnostics.Metrics;
using DriftGuard.Core.Text;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Rollouts.Copying;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Bridges;

/// <summary>
/// Sees that no bridge is forgotten: ends those that have come to their end, says of each that is in use that it is, again and again, and measures it as
/// <c>driftguard.bridge.active</c>, by index.
/// </summary>
internal sealed partial class BridgeWatch : BackgroundService
{
    /// <summary>The gauge: 1 for each index whose queries go over a bridge.</summary>
    public const string Active = "driftguard.bridge.active";

    /// <summary>Its tag with the name of the index.</summary>
    public const string IndexTag = "index";

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SayAgain = TimeSpan.FromMinutes(10);

    private readonly BridgeEnds ends;
    private readonly TimeProvider time;
    private readonly ILogger<BridgeWatch> log;
    private readonly Dictionary<string, DateTimeOffset> _said = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<BridgeReport> _inUse = [];

    public BridgeWatch(BridgeEnds ends, IMeterFactory meters, TimeProvider time, ILogger<BridgeWatch> log)
    {
        (this.ends, this.time, this.log) = (ends, time, log);
        meters.Create(CopyStages.Meter).CreateObservableGauge(Active, Measure, description: "Indexes whose queries go over a bridge because their own model is gone");
    }

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

        _inUse = inUse;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is StateException or QdrantException)
            {
                LogUnread(log, failure.Message);
            }

            await Task.Delay(LookAgain, time, stoppingToken);
        }
    }

    private IEnumerable<Measurement<int>> Measure() => _inUse.Select(bridge => new Measurement<int>(1, new KeyValuePair<string, object?>(IndexTag, bridge.Index)));

    [LoggerMessage(5045, LogLevel.Warning, "Index {Index}: queries of {Model} search the vectors of {OldModel} over bridge {Bridge}, for {Since} now and until {Until} at most; a rollout ends it")]
    private static partial void LogInUse(ILogger log, string index, string model, string oldModel, string bridge, string since, DateTimeOffset until);

    [LoggerMessage(5046, LogLevel.Information, "Bridge {Bridge} of index {Index} has ended: {Reason}")]
    private static partial void LogEnded(ILogger log, string bridge, string index, string reason);

    [LoggerMessage(5047, LogLevel.Warning, "Bridges cannot be looked at, trying again: {Failure}")]
    private static partial void LogUnread(ILogger log, string failure);
}
