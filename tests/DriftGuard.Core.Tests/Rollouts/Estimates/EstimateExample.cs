using DriftGuard.Core.Rollouts.Estimates;

namespace DriftGuard.Core.Tests.Rollouts.Estimates;

/// <summary>An estimate as tests start from it: texts of one length, 100 a second, 384 dimensions.</summary>
internal static class EstimateExample
{
    public static RolloutEstimate Of(long texts, double meanTokens = 100, double deviation = 0, int sample = 512, double? rate = 100) => new()
    {
        Sample = new(sample, meanTokens, deviation, MeanPayloadBytes: 200, rate, 0, 0, Seed: 1),
        Texts = texts,
        Points = texts,
        Dimensions = 384,
    };
}
