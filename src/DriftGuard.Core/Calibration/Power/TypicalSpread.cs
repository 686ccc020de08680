namespace DriftGuard.Core.Calibration.Power;

/// <summary>The order of magnitude of a spread, for sets of which nothing was measured yet.</summary>
public static class TypicalSpread
{
    /// <summary>Where the figures are from.</summary>
    public const string From = "typical: PLACEHOLDER";

    /// <summary>The spreads of the two metrics that decide by default.</summary>
    public static IReadOnlyList<DifferenceSpread> Spreads { get; } = [new("recall_cap@10", .1, 1.5), new("ndcg@10", .1, 1.5)];
}
