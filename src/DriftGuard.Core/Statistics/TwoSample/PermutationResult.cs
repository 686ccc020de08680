namespace DriftGuard.Core.Statistics.TwoSample;

/// <summary>How a permutation p-value was reached.</summary>
/// <param name="P">The p-value.</param>
/// <param name="Hits">Splits whose statistic is at least the observed one; ties of the numbers count, not of their rounded sums.</param>
/// <param name="Total">Splits looked at.</param>
/// <param name="Exact">Whether every split was counted; otherwise P = (1 + hits) / (1 + total).</param>
/// <param name="Seed">The seed of the random splits; null where exact.</param>
public sealed record PermutationResult(double P, long Hits, long Total, bool Exact, int? Seed);
