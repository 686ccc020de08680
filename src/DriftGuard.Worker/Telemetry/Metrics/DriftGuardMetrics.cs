using System.Diagnostics.Metrics;
using DriftGuard.Worker.Configuration;

namespace DriftGuard.Worker.Telemetry.Metrics;

/// <summary>The instruments that are told of what happens; what the state knows is read by <see cref="Watching.StateWatch"/>.</summary>
public sealed class DriftGuardMetrics
{
    // As many as a process has models at hand, and then some.
    private const int MostModels = 100;

    private readonly Counter<long> checks, requests, refused, restarts;
    private readonly UpDownCounter<long> waiting;
    private readonly Histogram<double> checkDuration, actionDuration, writeWait, embedding, tokens;

    /// <summary>Makes the instruments.</summary>
    public DriftGuardMetrics(IMeterFactory meters, DriftGuardOptions options)
    {
        Meter = meters.Create(DriftGuardTelemetry.Name);
        Indexes = new(options.Telemetry.IndexLabels);
        checks = DriftMetrics.Checks.CounterOf(Meter);
        checkDuration = DriftMetrics.CheckDuration.HistogramOf(Meter);
        actionDuration = RolloutMetrics.ActionDuration.HistogramOf(Meter);
        requests = GatewayMetrics.Requests.CounterOf(Meter);
        refused = GatewayMetrics.Refused.CounterOf(Meter);
        waiting = GatewayMetrics.WritesWaiting.UpDownCounterOf(Meter);
        writeWait = GatewayMetrics.WriteWait.HistogramOf(Meter);
        restarts = LoopMetrics.Restarts.CounterOf(Meter);
        embedding = EmbeddingMetrics.Duration.HistogramOf(Meter);
        tokens = EmbeddingMetrics.Tokens.HistogramOf(Meter);
    }

    /// <summary>The meter.</summary>
    internal Meter Meter { get; }

    /// <summary>Indexes as labels.</summary>
    internal BoundedNames Indexes { get; }

    /// <summary>Models as labels.</summary>
    internal BoundedNames Models { get; } = new(MostModels);

    /// <summary>A check for drift has ended.</summary>
    internal void Checked(string index, string trigger, string verdict, TimeSpan took)
    {
        checks.Add(1, DriftMetrics.Checks.TagsOf(Indexes.Of(index), trigger, verdict));
        checkDuration.Record(took.TotalSeconds, DriftMetrics.CheckDuration.TagsOf(trigger, verdict));
    }

    /// <summary>An action of a rollout has ended.</summary>
    internal void Acted(string action, string outcome, TimeSpan took) =>
        actionDuration.Record(took.TotalSeconds, RolloutMetrics.ActionDuration.TagsOf(action, outcome));

    /// <summary>A request to the gateway has ended.</summary>
    /// <param name="route">Its route.</param>
    /// <param name="index">The index, where there is one of that name.</param>
    /// <param name="outcome">What came of it.</param>
    internal void Requested(string route, string? index, string outcome) =>
        requests.Add(1, GatewayMetrics.Requests.TagsOf(route, Indexes.Of(index), outcome));

    /// <summary>A request was refused.</summary>
    internal void Refuse(string reason) => refused.Add(1, GatewayMetrics.Refused.TagsOf(reason));

    /// <summary>A write begins to wait, or ends to.</summary>
    internal void Waits(string index, string reason, int change) => waiting.Add(change, GatewayMetrics.WritesWaiting.TagsOf(Indexes.Of(index), reason));

    /// <summary>A write has waited.</summary>
    internal void Waited(string index, string reason, TimeSpan time) => writeWait.Record(time.TotalSeconds, GatewayMetrics.WriteWait.TagsOf(Indexes.Of(index), reason));

    /// <summary>A loop is to run: its restarts are told from the beginning, so that the first one is seen to be one.</summary>
    internal void LoopBegins(string loop) => restarts.Add(0, LoopMetrics.Restarts.TagsOf(loop));

    /// <summary>A loop was started again.</summary>
    internal void LoopRestarted(string loop) => restarts.Add(1, LoopMetrics.Restarts.TagsOf(loop));

    /// <summary>A model was called.</summary>
    /// <param name="provider">Who computes its vectors.</param>
    /// <param name="model">The provider's name of it.</param>
    /// <param name="error">The type of what it failed with; null where it did not.</param>
    /// <param name="used">Tokens that it saw.</param>
    /// <param name="took">How long it took.</param>
    internal void Embedded(string provider, string model, string? error, long used, TimeSpan took)
    {
        var label = Models.Of(model);
        var tags = EmbeddingMetrics.Duration.TagsOf(EmbeddingTelemetry.Operation, provider, label, error ?? "");
        embedding.Record(took.TotalSeconds, error is null ? tags.AsSpan(0, tags.Length - 1) : tags);
        if (used > 0)
        {
            tokens.Record(used, EmbeddingMetrics.Tokens.TagsOf(EmbeddingTelemetry.Operation, provider, label, "input"));
        }
    }
}
