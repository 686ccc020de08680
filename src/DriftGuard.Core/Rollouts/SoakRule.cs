using System.Globalization;
using DriftGuard.Core.Statistics;

namespace DriftGuard.Core.Rollouts;

/// <summary>
/// Judges live searches of the new collection against those of the old one, by exact bounds of shares (<see cref="ShareBounds"/>): worse where a difference
/// exceeds its limit and the bounds do not touch, fine where it is certain that none exceeds it, inconclusive in between.
/// </summary>
public static class SoakRule
{
    /// <summary>Error of each bound. A breach takes two looks in a row of which each is wrong in both of its bounds.</summary>
    public const double Alpha = .01;

    private const double Quantile = .95;

    /// <summary>Judges.</summary>
    /// <param name="before">Searches of the old collection, before the cutover.</param>
    /// <param name="now">Searches of the new one, since.</param>
    /// <param name="limits">What may be worse.</param>
    /// <returns>The verdict, and why in a sentence with figures.</returns>
    public static (SoakVerdict Verdict, string Message) Judge(SearchFigures before, SearchFigures now, SoakLimits limits)
    {
        if (before.Searches == 0 || now.Searches == 0)
        {
            return (SoakVerdict.Inconclusive, before.Searches == 0
                ? "no search went through the gateway before the cutover, so there is nothing to hold those since against"
                : "no search went through the gateway since");
        }

        var judged = new[]
        {
            Share("fail", before.Failed, before.Searches, now.Failed, now.Searches, limits.Errors),
            Share("find nothing", before.Empty, before.Answered, now.Empty, now.Answered, limits.Empty),
            Slower(before.Latency, now.Latency, limits),
        };
        var verdict = judged.Any(one => one.Verdict == SoakVerdict.Worse) ? SoakVerdict.Worse
            : judged.All(one => one.Verdict == SoakVerdict.Fine) ? SoakVerdict.Fine
            : SoakVerdict.Inconclusive;
        var said = verdict == SoakVerdict.Fine ? judged : judged.Where(one => one.Verdict == verdict);
        var how = verdict switch { SoakVerdict.Worse => "searches are worse than before the cutover", SoakVerdict.Fine => "searches are as before the cutover", _ => "too few searches to tell" };
        return (verdict, string.Create(CultureInfo.InvariantCulture, $"{how}: {string.Join(", ", said.Select(one => one.Message))}, of {now.Searches} searches against {before.Searches}"));
    }

    private static (SoakVerdict Verdict, string Message) Share(string what, long hitsBefore, long before, long hitsNow, long now, double limit)
    {
        if (before == 0 || now == 0)
        {
            return (SoakVerdict.Inconclusive, string.Create(CultureInfo.InvariantCulture, $"none was answered that could {what}"));
        }

        var (was, @is) = (hitsBefore / (double)before, hitsNow / (double)now);
        var verdict = @is - was > limit && ShareBounds.Lower(hitsNow, now, Alpha) > ShareBounds.Upper(hitsBefore, before, Alpha) ? SoakVerdict.Worse
            : ShareBounds.Upper(hitsNow, now, Alpha) - was <= limit ? SoakVerdict.Fine
            : SoakVerdict.Inconclusive;
        return (verdict, string.Create(CultureInfo.InvariantCulture, $"{@is:P1} {what} (before: {was:P1}, limit +{limit:P1})"));
    }

    private static (SoakVerdict Verdict, string Message) Slower(LatencyHistogram before, LatencyHistogram now, SoakLimits limits)
    {
        if (before.Quantile(Quantile) is not { } old || now.Quantile(Quantile) is not { } @new)
        {
            return (SoakVerdict.Inconclusive, "none took any time");
        }

        var limit = Math.Max(old * limits.LatencyRatio, old + limits.LatencyMargin.TotalMilliseconds);
        var above = now.CountAbove(limit);
        var verdict = ShareBounds.Lower(above, now.Count, Alpha) > 1 - Quantile ? SoakVerdict.Worse
            : ShareBounds.Upper(above, now.Count, Alpha) <= 1 - Quantile ? SoakVerdict.Fine
            : SoakVerdict.Inconclusive;
        return (verdict, string.Create(CultureInfo.InvariantCulture, $"the 95th percentile is {@new:0.#} ms (before: {old:0.#} ms, limit {limit:0.#} ms)"));
    }
}
