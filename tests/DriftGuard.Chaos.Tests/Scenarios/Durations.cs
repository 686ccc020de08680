using System.Globalization;

namespace DriftGuard.Chaos.Tests.Scenarios;

/// <summary>Durations in a few words.</summary>
internal static class Durations
{
    /// <summary>How many, their median and their 95th percentile.</summary>
    public static string Of(IReadOnlyCollection<TimeSpan> durations)
    {
        var sorted = durations.Order().ToList();
        return sorted.Count == 0
            ? "never seen"
            : string.Create(CultureInfo.InvariantCulture, $"{sorted[sorted.Count / 2].TotalSeconds:0.00} s in the median, {sorted[(int)(sorted.Count * .95)].TotalSeconds:0.00} s at the 95th percentile of {sorted.Count}");
    }
}
