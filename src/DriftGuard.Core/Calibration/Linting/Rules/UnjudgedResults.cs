using System.Globalization;
using DriftGuard.Core.Text;

namespace DriftGuard.Core.Calibration.Linting.Rules;

/// <summary>Results that nobody judged ("holes"). Metrics count them as not relevant, whatever they are (Zobel 1998; Sakai 2007).</summary>
internal static class UnjudgedResults
{
    /// <summary>A share from which differences may be made of holes.</summary>
    private const double Many = .2;

    public static IEnumerable<LintFinding> Look(LintSubject subject)
    {
        var single = subject.Set.Queries.All(query => subject.Set.Qrels[query.Id] is { Count: 1 });
        foreach (var side in subject.Retrieved)
        {
            var holes = Holes.Of(subject.Set, side);
            if (holes.Retrieved == 0 || holes.Unjudged == 0)
                continue;
            var nature = single
                ? " Each query has one judgement, so all but one of its results are unjudged by nature: the set tells whether that one is found, and nothing of the others"
                : "";
            yield return new(
                "holes", holes.Share >= Many && !single ? LintSeverity.Warning : LintSeverity.Note,
                string.Create(CultureInfo.InvariantCulture, $"{PercentText.Format(holes.Share)} of the first {holes.Depth} results under {side.Side} are unjudged, in {holes.QueriesWithHoles} of {subject.Set.Queries.Count} queries; a metric counts them as not relevant.{nature}"),
                "export them with --export-holes, have them judged, and take the grades with 'calibration add --judgements'")
            {
                Examples = [.. holes.Slices.OrderByDescending(slice => slice.Share).Take(LintFinding.Named).Select(slice => $"{slice.Slice}: {PercentText.Format(slice.Share)}")],
                Figures = new Dictionary<string, double>(StringComparer.Ordinal)
                {
                    ["depth"] = holes.Depth,
                    ["retrieved"] = holes.Retrieved,
                    ["unjudged"] = holes.Unjudged,
                    ["share"] = holes.Share,
                    ["queries_with_holes"] = holes.QueriesWithHoles,
                },
            };
        }
    }
}
