using System.Runtime.InteropServices;

namespace DriftGuard.Core.Retrieval;

/// <summary>A point of an answer.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Score">Its score, on the scale of the model that answered.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AnsweredPoint(string Id, double Score);

/// <summary>How two answers to one query differ.</summary>
/// <param name="Overlap">
/// overlap@k: of the first k of each, those that both have, by k. Where both are shorter, by the length of the longer one: a filter that lets
/// three points through is answered alike by the same three. Two empty answers are alike.
/// </param>
/// <param name="TopShift">
/// The score of the second answer's first point, less that of the first's; null where one is empty or a score is no number. Scores of two models
/// are not on one scale: it says by how much a threshold would be off, not which answer is better.
/// </param>
/// <param name="MeanShift">The same of the means over the first k of each.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AnswerDifference(double Overlap, double? TopShift, double? MeanShift)
{
    /// <summary>Compares two answers.</summary>
    /// <param name="first">One, best first.</param>
    /// <param name="second">The other, best first.</param>
    /// <param name="depth">k, at least 1.</param>
    public static AnswerDifference Of(IReadOnlyList<AnsweredPoint> first, IReadOnlyList<AnsweredPoint> second, int depth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        var ids = first.Take(depth).Select(point => point.Id).ToHashSet(StringComparer.Ordinal);
        var others = second.Take(depth).Select(point => point.Id).ToHashSet(StringComparer.Ordinal);
        var longer = Math.Max(ids.Count, others.Count);
        others.IntersectWith(ids);
        return new(
            longer == 0 ? 1 : others.Count / (double)longer,
            Shift(first, second, points => points[0].Score),
            Shift(first, second, points => points.Take(depth).Average(point => point.Score)));
    }

    private static double? Shift(IReadOnlyList<AnsweredPoint> first, IReadOnlyList<AnsweredPoint> second, Func<IReadOnlyList<AnsweredPoint>, double> score) =>
        first.Count > 0 && second.Count > 0 && score(second) - score(first) is var shift && double.IsFinite(shift) ? shift : null;
}
