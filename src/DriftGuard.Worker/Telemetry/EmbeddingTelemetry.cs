using System.Diagnostics;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Worker.Telemetry.Metrics;
using DriftGuard.Worker.Telemetry.Tracing;

namespace DriftGuard.Worker.Telemetry;

/// <summary>
/// Measures and traces calls of models as OpenTelemetry's conventions for generative AI have it. Models are opened by the installation, which is there
/// before the services: until those say where to, nothing is measured.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class EmbeddingTelemetry(TimeProvider time)
{
    internal const string Operation = "embeddings";
    internal const string Dimensions = "gen_ai.embeddings.dimension.count";
    internal const string Tokens = "gen_ai.usage.input_tokens";

    private volatile DriftGuardMetrics? _metrics;

    /// <summary>Says where to.</summary>
    internal void Measure(DriftGuardMetrics metrics) => _metrics = metrics;

    /// <summary>Calls a model.</summary>
    internal async ValueTask<IReadOnlyList<EmbeddingOutcome>> CallAsync(ModelSpec spec, Func<ValueTask<IReadOnlyList<EmbeddingOutcome>>> embed)
    {
        var began = time.GetTimestamp();
        using var span = DriftGuardTelemetry.Source.StartActivity(
            $"{Operation} {spec.Model}", spec.Provider == ModelSpec.OnnxProvider ? ActivityKind.Internal : ActivityKind.Client);
        try
        {
            var outcomes = await embed();
            var tokens = outcomes.Sum(outcome => (long)outcome.Tokens);
            Tell(span, spec, tokens, error: null);
            _metrics?.Embedded(spec.Provider, spec.Model, error: null, tokens, time.GetElapsedTime(began));
            return outcomes;
        }
        catch (Exception failure)
        {
            Tell(span, spec, tokens: 0, failure);
            _metrics?.Embedded(spec.Provider, spec.Model, failure.GetType().FullName!, used: 0, time.GetElapsedTime(began));
            throw;
        }
    }

    private static void Tell(Activity? span, ModelSpec spec, long tokens, Exception? error)
    {
        if (span is not { IsAllDataRequested: true })
        {
            return;
        }

        span.SetTag(EmbeddingMetrics.OperationKey, Operation);
        span.SetTag(EmbeddingMetrics.ProviderKey, spec.Provider);
        span.SetTag(EmbeddingMetrics.ModelKey, spec.Model);
        span.SetTag(Dimensions, spec.Dimensions);
        if (error is null)
        {
            span.SetTag(Tokens, tokens);
        }
        else
        {
            span.Failed(error);
        }
    }
}
