using System.Diagnostics;
using DriftGuard.Worker.Telemetry.Tracing;
using OpenTelemetry.Trace;

namespace DriftGuard.Worker.Tests.Telemetry;

/// <summary>Which traces are kept that begin here.</summary>
public sealed class RootSamplerTests
{
    [Theory]
    [InlineData("rollout", ActivityKind.Internal, 0, true)]
    [InlineData("drift check", ActivityKind.Internal, 0, true)]
    [InlineData("POST /v1/embeddings", ActivityKind.Server, 0, false)]
    [InlineData("POST /v1/embeddings", ActivityKind.Server, 1, true)]
    [InlineData("postgresql", ActivityKind.Client, 1, false)]
    [InlineData("embeddings small", ActivityKind.Internal, 1, false)]
    public void Rollouts_and_checks_are_kept_requests_by_their_share_and_nothing_else(string name, ActivityKind kind, double share, bool kept) =>
        new RootSampler(share).ShouldSample(new(default, ActivityTraceId.CreateRandom(), name, kind)).Decision.ShouldBe(kept ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);

    [Fact]
    public void What_belongs_to_a_rollout_is_kept_whatever_the_share()
    {
        var sampler = new ParentBasedSampler(new RootSampler(0));

        sampler.ShouldSample(new(RolloutTrace.ContextOf("docs-1234"), default, "rollout Evaluate", ActivityKind.Internal)).Decision.ShouldBe(SamplingDecision.RecordAndSample);
    }
}
