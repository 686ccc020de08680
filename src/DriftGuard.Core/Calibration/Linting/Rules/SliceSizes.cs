using System.Globalization;
using DriftGuard.Core.Statistics.Slices;

namespace DriftGuard.Core.Calibration.Linting.Rules;

/// <summary>Declared slices that are not tested, or in which only great harm is found.</summary>
internal static class SliceSizes
{
    /// <summary>At this size a harm of .1 is found in half of the cases where many documents are relevant.</summary>
    private const int GoodSize = 100;

    public static IEnumerable<LintFinding> Look(LintSubject subject)
    {
        var slices = Slice.Of(subject.Set);
        var untested = slices.Where(slice => slice.Queries.Count < SlicesRule.MinimumQueries).ToList();
        var critical = untested.Where(slice => slice.Critical).ToList();
        if (critical.Count > 0)
        {
            yield return Finding(
                critical, LintSeverity.Error, $"critical {(critical.Count == 1 ? "slice has" : "slices have")} fewer than {SlicesRule.MinimumQueries} queries: the gate can never be more than inconclusive",
                $"label more queries of them, {SlicesRule.MinimumQueries} each at least, or do not call them critical");
        }

        if (untested.Count > critical.Count)
        {
            yield return Finding(
                [.. untested.Except(critical)], LintSeverity.Warning, $"of {slices.Count} slices have fewer than {SlicesRule.MinimumQueries} queries and are not tested",
                $"label more queries of them, {GoodSize} each to find a harm of .1, or join small slices to a coarser field");
        }

        var few = slices.Where(slice => slice.Queries.Count is >= SlicesRule.MinimumQueries and < GoodSize).ToList();
        if (few.Count > 0)
        {
            yield return Finding(
                few, LintSeverity.Warning, $"of {slices.Count} slices have fewer than {GoodSize} queries: only great harm is found in them",
                $"label more queries of them, {GoodSize} each at least");
        }

        var enough = slices.Count - untested.Count;
        if (enough > SlicesRule.MaximumTested)
        {
            yield return new(
                "slice_sizes", LintSeverity.Warning,
                string.Create(CultureInfo.InvariantCulture, $"{enough} slices are large enough to be tested and {SlicesRule.MaximumTested} of them are: the correction for more would leave nothing to find"),
                "declare a coarser field")
            { Figures = new Dictionary<string, double>(StringComparer.Ordinal) { ["slices"] = slices.Count, ["tested"] = SlicesRule.MaximumTested } };
        }
    }

    private static LintFinding Finding(List<Slice> slices, LintSeverity severity, string what, string advice) =>
        new("slice_sizes", severity, string.Create(CultureInfo.InvariantCulture, $"{slices.Count} {what}"), advice)
        {
            Examples = [.. slices.OrderBy(slice => slice.Queries.Count).Take(LintFinding.Named).Select(slice => string.Create(CultureInfo.InvariantCulture, $"{slice.Name}: {slice.Queries.Count}"))],
            Figures = new Dictionary<string, double>(StringComparer.Ordinal) { ["slices"] = slices.Count, ["smallest"] = slices.Min(slice => slice.Queries.Count) },
        };
}
