using System.Runtime.InteropServices;
using DriftGuard.Core.Drift.Findings;
using DriftGuard.Worker.Drift.Points;

namespace DriftGuard.Worker.Drift.Doctor;

/// <summary>What a sample shows before anything is embedded.</summary>
internal static class SampleFacts
{
    private const int IdsShown = 10;

    /// <summary>Adds what stamps and vectors say to a report.</summary>
    public static OriginReport Of(IReadOnlyList<SampledDocument> sample, int dimensions, OriginReport report)
    {
        var usable = sample.Where(point => !point.HasBadVector(dimensions)).ToList();
        return report with
        {
            Sampled = sample.Count,
            Stamps = sample.Where(point => point.Stamp is not null).GroupBy(point => point.Stamp!.Fingerprint, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.LongCount(), StringComparer.Ordinal),
            Unstamped = sample.Count(point => point.Stamp is null),
            BadVectors = Count(sample.Where(point => point.HasBadVector(dimensions))),
            SharedVectors = Count(usable.GroupBy(BytesOf, StringComparer.Ordinal).Where(same => same.Count() > 1).SelectMany(same => same)),
        };
    }

    /// <summary>Adds what the texts say.</summary>
    public static OriginReport OfTexts(IReadOnlyList<SampledDocument> sample, OriginReport report)
    {
        var shared = report.SharedVectors.Points == 0 ? [] : sample.Where(point => point.Vector is not null)
            .GroupBy(BytesOf, StringComparer.Ordinal).Where(same => same.Select(point => point.Text).Distinct(StringComparer.Ordinal).Count() > 1).SelectMany(same => same);
        return report with
        {
            WithoutText = Count(sample.Where(point => point.Text is null)),
            TextEdited = Count(sample.Where(IsEdited)),
            SharedVectors = Count(shared),
            RepeatedTexts = Count(sample.Where(point => point.Text is not null).GroupBy(point => point.Text, StringComparer.Ordinal).Where(same => same.Count() > 1).SelectMany(same => same)),
        };
    }

    /// <summary>Whether the text is another than the one that was embedded, and the vector is still that one's: no model can give it back.</summary>
    public static bool IsEdited(SampledDocument point) => point.IsTextEdited && !point.IsVectorReplaced;

    /// <summary>How many, and which.</summary>
    public static PointCount Count(IEnumerable<SampledDocument> points)
    {
        var ids = points.Select(point => point.Id).Order().ToList();
        return new(ids.Count, [.. ids.Take(IdsShown).Select(id => id.ToString())]);
    }

    private static string BytesOf(SampledDocument point) => Convert.ToBase64String(MemoryMarshal.AsBytes(point.Vector.AsSpan()));
}
