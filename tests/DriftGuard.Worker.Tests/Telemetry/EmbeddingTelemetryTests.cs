using System.Diagnostics;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Worker.Telemetry;
using DriftGuard.Worker.Telemetry.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DriftGuard.Worker.Tests.Telemetry;

/// <summary>Calls of models are measured and traced as OpenTelemetry's conventions for generative AI have it.</summary>
public sealed class EmbeddingTelemetryTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeasuredMetrics _measured;
    private readonly EmbeddingTelemetry _telemetry;

    public EmbeddingTelemetryTests()
    {
        _measured = new(_services);
        _telemetry = new(_time);
    }

    private static ModelSpec Spec { get; } = new() { Name = "small", Provider = "openai", Model = $"telemetry-{Guid.NewGuid():N}", Dimensions = 3, MaxTokens = 10 };

    public void Dispose()
    {
        _measured.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task A_call_is_measured_with_its_time_and_its_tokens()
    {
        Measure();

        await CallAsync(() => [EmbeddingOutcome.Embedded([1], tokens: 4, truncated: false), EmbeddingOutcome.Embedded([1], tokens: 3, truncated: false)]);

        var duration = _measured.Of(EmbeddingMetrics.Duration).ShouldHaveSingleItem();
        duration.Value.ShouldBe(.5);
        duration.Tags.ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["gen_ai.operation.name"] = "embeddings",
            ["gen_ai.provider.name"] = "openai",
            ["gen_ai.request.model"] = Spec.Model,
        });
        var tokens = _measured.Of(EmbeddingMetrics.Tokens).ShouldHaveSingleItem();
        (tokens.Value, tokens.Tags["gen_ai.token.type"]).ShouldBe((7, "input"));
    }

    [Fact]
    public async Task A_call_that_fails_is_measured_with_what_it_failed_with()
    {
        Measure();

        await Should.ThrowAsync<TimeoutException>(() => CallAsync(() => throw new TimeoutException()));

        _measured.Of(EmbeddingMetrics.Duration).ShouldHaveSingleItem().Tags["error.type"].ShouldBe("System.TimeoutException");
        _measured.Of(EmbeddingMetrics.Tokens).ShouldBeEmpty();
    }

    [Fact]
    public async Task Before_anybody_says_where_to_a_call_is_only_a_call()
    {
        (await CallAsync(() => [EmbeddingOutcome.Failed("no")])).Count.ShouldBe(1);
        _measured.Of(EmbeddingMetrics.Duration).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_call_is_a_span_by_the_conventions()
    {
        Activity? ended = null;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == DriftGuardTelemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => ended = span.DisplayName == $"embeddings {Spec.Model}" ? span : ended,
        };
        ActivitySource.AddActivityListener(listener);

        await CallAsync(() => [EmbeddingOutcome.Embedded([1], tokens: 4, truncated: false)]);

        ended.ShouldNotBeNull().Kind.ShouldBe(ActivityKind.Client);
        ended.TagObjects.ShouldBe(new KeyValuePair<string, object?>[]
        {
            new("gen_ai.operation.name", "embeddings"), new("gen_ai.provider.name", "openai"), new("gen_ai.request.model", Spec.Model), new("gen_ai.embeddings.dimension.count", 3),
            new("gen_ai.usage.input_tokens", 4L),
        });
    }

    private void Measure() => _telemetry.Measure(new(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), new()));

    private async Task<IReadOnlyList<EmbeddingOutcome>> CallAsync(Func<IReadOnlyList<EmbeddingOutcome>> outcomes) => await _telemetry.CallAsync(Spec, () =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(500));
        return ValueTask.FromResult(outcomes());
    });
}
