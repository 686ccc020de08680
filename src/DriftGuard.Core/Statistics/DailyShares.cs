using System.Runtime.InteropServices;

namespace DriftGuard.Core.Statistics;

/// <summary>A share of a day's queries.</summary>
/// <param name="Hits">Queries that count.</param>
/// <param name="Total">All queries of the day, at least 1.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DailyShare(long Hits, long Total)
{
    /// <summary>The share, 0 to 1.</summary>
    public double Value => Hits / (double)Total;
}

/// <summary>How a day's share compares with those of the days before.</summary>
/// <param name="Statistic">Student's t; <see langword="null"/> with fewer past days than are needed.</param>
/// <param name="P">One-sided p for "the share has not risen".</param>
/// <param name="Excess">The share less the mean of the past days'.</param>
/// <param name="Days">Past days that were compared with.</param>
public sealed record DailyShareResult(double? Statistic, double? P, double Excess, int Days);

/// <summary>
/// Has a share risen against the days before? The unit is the day: queries of one day have topics in common, and tests that take
/// them as independent alarm in .05 to .13 of days at a nominal .01. Shares are compared as z = asin sqrt(share), whose variance hardly
/// depends on the share; a day's own sampling error, .5 / sqrt(n), is the least that is allowed for.
/// </summary>
public static class DailyShares
{
    /// <summary>Past days without which nothing is said.</summary>
    public const int FewestDays = 20;

    /// <summary>Compares a day with the days before.</summary>
    /// <exception cref="ArgumentException">A day has no queries, or more hits than queries.</exception>
    public static DailyShareResult Compare(DailyShare today, IReadOnlyList<DailyShare> past)
    {
        foreach (var day in past.Append(today))
        {
            if (day.Total < 1 || day.Hits < 0 || day.Hits > day.Total)
                throw new ArgumentException($"A day has {day.Hits} of {day.Total}; expected 1 query or more and no more hits than queries.", nameof(past));
        }

        var excess = past.Count == 0 ? 0 : today.Value - past.Average(day => day.Value);
        if (past.Count < FewestDays)
            return new(null, null, excess, past.Count);
        var z = past.Select(Transformed).ToList();
        var mean = z.Average();
        var deviation = Math.Sqrt(z.Sum(value => (value - mean) * (value - mean)) / (z.Count - 1));
        var spread = Math.Max(deviation, .5 / Math.Sqrt(today.Total));
        var t = (Transformed(today) - mean) / (spread * Math.Sqrt(1 + (1.0 / z.Count)));
        return new(t, StudentDistribution.UpperTail(t, z.Count - 1), excess, past.Count);
    }

    private static double Transformed(DailyShare day) => Math.Asin(Math.Sqrt(day.Value));
}
