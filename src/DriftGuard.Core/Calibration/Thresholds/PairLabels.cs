using System.Globalization;

namespace DriftGuard.Core.Calibration.Thresholds;

/// <summary>Which of a set's pairs are positive and which negative.</summary>
/// <param name="Labels">For each pair, in its order: true for positive, false for negative, null for one that is neither.</param>
/// <param name="PositiveFrom">The least score of a positive.</param>
/// <param name="NegativeBelow">What a negative's score is below.</param>
public sealed record PairLabels(IReadOnlyList<bool?> Labels, double PositiveFrom, double NegativeBelow)
{
    /// <summary>Pairs whose score lies between the limits.</summary>
    public int Between => Labels.Count(label => label is null);

    /// <summary>Labels pairs by the declared limits. One limit alone is both. Without any, scores that are all 0 or 1 are their own labels.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="rules">The limits.</param>
    /// <param name="problem">Why the pairs cannot be labelled, and what to add.</param>
    /// <returns>Null where they cannot.</returns>
    public static PairLabels? Of(IReadOnlyList<LabelledPair> pairs, PairRules rules, out string? problem)
    {
        problem = rules.Problem;
        if (problem is not null)
            return null;
        if ((rules.PositiveFrom ?? rules.NegativeBelow) is { } limit)
            return By(pairs, rules.PositiveFrom ?? limit, rules.NegativeBelow ?? limit);
        if (pairs.All(pair => pair.Score is 0 or 1))
            return By(pairs, 1, 1);
        problem = string.Create(CultureInfo.InvariantCulture,
            $"the scores of the {pairs.Count} pairs go from {pairs.Min(pair => pair.Score)} to {pairs.Max(pair => pair.Score)}, and nothing says which are positive: "
            + $"add 'pairs: {{ positive_from: ..., negative_below: ... }}' to {CalibrationSetFiles.Header}, or use --positive-from and --negative-below; scores of 0 and 1 need neither");
        return null;
    }

    private static PairLabels By(IReadOnlyList<LabelledPair> pairs, double positiveFrom, double negativeBelow) =>
        new([.. pairs.Select(pair => pair.Score >= positiveFrom ? true : pair.Score < negativeBelow ? false : (bool?)null)], positiveFrom, negativeBelow);
}
