using static DriftGuard.Worker.Telemetry.Metrics.MetricKind;

namespace DriftGuard.Worker.Telemetry.Metrics;

/// <summary>
/// What is measured of calls of embedding models: OpenTelemetry's conventions for generative AI (https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/),
/// with the buckets that they advise.
/// </summary>
internal static class EmbeddingMetrics
{
    public const string OperationKey = "gen_ai.operation.name";
    public const string ProviderKey = "gen_ai.provider.name";
    public const string ModelKey = "gen_ai.request.model";

    public static MetricDefinition Duration { get; } = new(
        "gen_ai.client.operation.duration", Histogram, "s", "Time of a call of an embedding model", OperationKey, ProviderKey, ModelKey, MetricTags.ErrorType)
    {
        Buckets = [.01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
    };

    public static MetricDefinition Tokens { get; } = new(
        "gen_ai.client.token.usage", Histogram, "{token}", "Tokens of a call of an embedding model", OperationKey, ProviderKey, ModelKey, "gen_ai.token.type")
    {
        Buckets = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864],
    };

    public static IReadOnlyList<MetricDefinition> All { get; } = [Duration, Tokens];
}
