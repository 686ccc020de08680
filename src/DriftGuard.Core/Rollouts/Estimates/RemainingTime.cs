using System.Runtime.InteropServices;
using DriftGuard.Core.Statistics;
using DriftGuard.Core.Text;

namespace DriftGuard.Core.Rollouts.Estimates;

/// <summary>How much was done at a moment.</summary>
/// <param name="At">The moment.</param>
/// <param name="Done">Units done by then.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ProgressSample(DateTimeOffset At, long Done);

/// <summary>
/// How long the rest takes, with an 80 % interval, by the rates of the recent intervals between samples: the mean of the rates that are to come
/// is uncertain by their spread, the more so the fewer of them are left to average, and by that of the mean that was measured. Rates that
/// follow each other are alike, which the lag-1 autocorrelation (corrected for its bias, Kendall 1954) takes into account.
/// </summary>
/// <param name="Expected">At the measured rate.</param>
/// <param name="Low">Shorter than this in one of ten cases.</param>
/// <param name="High">Longer than this in one of ten cases.</param>
/// <param name="PerSecond">The measured rate.</param>
public sealed record RemainingTime(TimeSpan Expected, TimeSpan Low, TimeSpan High, double PerSecond)
{
    /// <summary>The share of cases that the interval holds.</summary>
    public const double Confidence = .8;

    /// <summary>Fewest intervals that say anything about their spread.</summary>
    private const int FewestIntervals = 4;

    /// <summary>An autocorrelation closer to 1 cannot be told from a trend by so few intervals.</summary>
    private const double MostAlike = .9;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <summary>The same for people.</summary>
    public string Text => $"about {Rounded(Expected)} left ({Rounded(Low)} to {Rounded(High)} in 4 of 5 cases)";

    /// <summary>The estimate; null where too little was seen, or nothing moved.</summary>
    /// <param name="samples">Recent samples, oldest first, about evenly spaced.</param>
    /// <param name="left">Units that are left.</param>
    public static RemainingTime? Of(IReadOnlyList<ProgressSample> samples, long left)
    {
        var intervals = samples.Zip(samples.Skip(1), (a, b) => (Seconds: (b.At - a.At).TotalSeconds, Units: b.Done - a.Done)).Where(i => i.Seconds > 0).ToList();
        var (seconds, units) = (intervals.Sum(i => i.Seconds), intervals.Sum(i => (double)i.Units));
        if (intervals.Count < FewestIntervals || units <= 0)
        {
            return null;
        }

        var rate = units / seconds;
        var expected = Math.Max(0, left) / rate;
        var off = intervals.ConvertAll(i => (i.Units / i.Seconds) - rate);
        var variance = off.Sum(x => x * x) / (intervals.Count - 1);
        var alike = Inflation(off, variance);
        var independent = Math.Max(1, intervals.Count / alike);
        var ahead = Math.Max(1, expected / (seconds / intervals.Count) / alike);
        var deviation = Math.Sqrt(variance * ((1 / ahead) + (1 / independent))) / rate;
        var reach = Math.Exp(StudentDistribution.Quantile((1 + Confidence) / 2, Math.Max(2, independent - 1)) * deviation);
        return new(Bounded(expected), Bounded(expected / reach), Bounded(expected * reach), rate);
    }

    /// <summary>How many intervals are worth one independent one: (1 + r) / (1 - r).</summary>
    private static double Inflation(List<double> off, double variance)
    {
        if (variance <= 0)
        {
            return 1;
        }

        var r = off.Zip(off.Skip(1), (a, b) => a * b).Sum() / (variance * (off.Count - 1));
        r = Math.Clamp(r + ((1 + (3 * r)) / off.Count), 0, MostAlike);
        return (1 + r) / (1 - r);
    }

    private static TimeSpan Bounded(double seconds) => seconds < Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : Longest;

    private static string Rounded(TimeSpan time) => DurationText.Format(time switch
    {
        { TotalHours: >= 10 } => TimeSpan.FromHours(Math.Round(time.TotalHours)),
        { TotalMinutes: >= 10 } => TimeSpan.FromMinutes(Math.Round(time.TotalMinutes)),
        _ => TimeSpan.FromSeconds(Math.Max(1, Math.Round(time.TotalSeconds))),
    });
}
