using DriftGuard.Worker.Telemetry.Metrics;

namespace DriftGuard.Worker.Telemetry.Tracing;

/// <summary>A span as it is declared.</summary>
/// <param name="Name">Its name; what stands in braces is filled in.</param>
/// <param name="Description">What it is.</param>
/// <param name="Attributes">The keys that it may have.</param>
internal sealed record SpanDefinition(string Name, string Description, params IReadOnlyList<string> Attributes);

/// <summary>Every span of the source. <c>deploy/METRICS.md</c> is held equal to it.</summary>
internal static class SpanCatalogue
{
    private static readonly string[] OfRollouts = [Spans.Rollout, Spans.Index, Spans.Outcome, MetricTags.ErrorType];

    public static IReadOnlyList<SpanDefinition> All { get; } =
    [
        new(RolloutTrace.Root, "A rollout from when it was planned to its end; told when it ends. Its id follows from the name of the new collection, as does that of the trace",
            Spans.Rollout, Spans.Index, RolloutTrace.Phase, RolloutTrace.Reason, RolloutTrace.From, RolloutTrace.To),
        new("rollout {action}", "An action of a rollout. Of CopyPartitions and CarryWrites, which are repeated for as long as they last, the first one, and each that fails", [.. OfRollouts, RolloutActions.Action]),
        new(RolloutTrace.Partition, "A worker copies a partition", [.. OfRollouts, RolloutTrace.Ordinal]),
        new(DriftCheckTrace.Check, "A check of an index for drift", Spans.Index, DriftCheckTrace.Trigger, DriftCheckTrace.Verdict, DriftCheckTrace.Cause, DriftCheckTrace.Report, Spans.Outcome, MetricTags.ErrorType),
        new(DriftCheckTrace.Detector, "A detector in a check", DriftCheckTrace.DetectorName, DriftCheckTrace.Verdict, DriftCheckTrace.Reason, Spans.Outcome, MetricTags.ErrorType),
        new("embeddings {model}", "A call of an embedding model, by the conventions for generative AI", EmbeddingMetrics.OperationKey, EmbeddingMetrics.ProviderKey, EmbeddingMetrics.ModelKey,
            EmbeddingTelemetry.Dimensions, EmbeddingTelemetry.Tokens, Spans.Outcome, MetricTags.ErrorType),
    ];
}
