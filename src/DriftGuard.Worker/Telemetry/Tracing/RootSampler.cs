using System.Diagnostics;
using OpenTelemetry.Trace;

namespace DriftGuard.Worker.Telemetry.Tracing;

/// <summary>
/// Decides about traces that begin here: a share of requests, every rollout and every drift check, and nothing of what is only looked at now and then, such as the
/// state for rollouts to look after. What has a parent goes with it.
/// </summary>
/// <param name="share">The share of requests, from 0 to 1.</param>
internal sealed class RootSampler(double share) : Sampler
{
    private readonly TraceIdRatioBasedSampler _requests = new(share);

    /// <inheritdoc/>
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) => samplingParameters switch
    {
        { Kind: ActivityKind.Server } => _requests.ShouldSample(samplingParameters),
        { Name: RolloutTrace.Root or DriftCheckTrace.Check } => new(SamplingDecision.RecordAndSample),
        _ => new(SamplingDecision.Drop),
    };
}
