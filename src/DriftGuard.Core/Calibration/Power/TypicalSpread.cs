namespace DriftGuard.Core.Calibration.Power;

/// <summary>
/// The order of magnitude of a spread, for sets of which nothing was measured yet: the medians of eight comparisons, each measured as
/// <c>calibration lint SET --models A,B</c> does. Variance times design effect of nDCG@10 was, for static-wordpiece-128 against
/// all-minilm-l6-v2-int8, .163 on xquad-en, .311 on xquad-de, .373 on xquad-es and .146 on clinc150; for all-minilm-l6-v2-int8 against
/// e5-small-v2-int8 .028, .200, .276 and .071. Models that are alike scatter little, and need fewer queries than this says.
/// </summary>
public static class TypicalSpread
{
    /// <summary>Where the figures are from.</summary>
    public const string From = "typical, not measured on this set: medians of eight comparisons of models on the sets that come along, which differ by a factor of ten";

    /// <summary>The spreads of the two metrics that decide by default.</summary>
    public static IReadOnlyList<DifferenceSpread> Spreads { get; } = [new("recall_cap@10", .099, 1.52), new("ndcg@10", .108, 1.68)];
}
