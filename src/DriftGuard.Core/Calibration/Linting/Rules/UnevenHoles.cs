using System.Globalization;
using DriftGuard.Core.Statistics;
using DriftGuard.Core.Text;

namespace DriftGuard.Core.Calibration.Linting.Rules;

/// <summary>
/// More unjudged results on one side than on the other, by more than chance. A worse side finds more that nobody judged, and so does one
/// that finds what the labels missed: labels that were made of one side's results favour it, and only judging tells which it is.
/// </summary>
internal static class UnevenHoles
{
    private const double Alpha = .05;

    /// <summary>A smaller difference is one result in fifty queries.</summary>
    private const double Material = .02;

    public static IEnumerable<LintFinding> Look(LintSubject subject)
    {
        if (subject.Compared is not [var first, var second])
            yield break;
        var (one, other) = (Holes.Of(subject.Set, first), Holes.Of(subject.Set, second));
        var differences = other.ShareByQuery.Zip(one.ShareByQuery, (now, then) => now - then).ToList();
        if (ClusteredDifferences.Estimated(differences, subject.Set.Groups) is not { } estimate)
            yield break;
        var (lower, upper) = estimate.Bounds(Alpha / 2);
        if ((lower <= 0 && upper >= 0) || Math.Abs(estimate.Mean) < Material)
            yield break;
        var (favoured, left) = estimate.Mean > 0 ? (first, second) : (second, first);
        var (few, many) = estimate.Mean > 0 ? (one, other) : (other, one);
        yield return new(
            "uneven_holes", LintSeverity.Warning,
            string.Create(CultureInfo.InvariantCulture, $"{PercentText.Format(many.Share)} of the first {many.Depth} results under {left.Side} are unjudged, and {PercentText.Format(few.Share)} under {favoured.Side}: either {left.Side} finds less that is relevant, or it finds what nobody judged, because the set was labelled from what {favoured.Side} finds and favours it"),
            "have the unjudged results of both judged before the set decides between them (--export-holes)")
        {
            Figures = new Dictionary<string, double>(StringComparer.Ordinal) { ["share_first"] = one.Share, ["share_second"] = other.Share, ["difference"] = estimate.Mean, ["lower"] = lower, ["upper"] = upper },
        };
    }
}
