namespace DriftGuard.Core.Calibration.Thresholds;

/// <summary>A labelled pair with its score under a model.</summary>
/// <param name="Score">The model's similarity; larger means more alike. Finite.</param>
/// <param name="Positive">Its label.</param>
/// <param name="Group">What it moves together with, see <see cref="PairGroups"/>.</param>
/// <param name="Fields">Its further columns, for slices.</param>
public sealed record ScoredPair(double Score, bool Positive, int Group, IReadOnlyDictionary<string, string> Fields);
