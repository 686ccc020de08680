using DriftGuard.Core.Retrieval;
using DriftGuard.Core.Statistics;

namespace DriftGuard.Core.Rollouts.Shadow;

/// <summary>
/// What was counted of live queries that green was to answer as well. Sums and counts only, so that those of several gateways and minutes add
/// up to what one would have counted. Not thread-safe.
/// </summary>
public sealed class ShadowFigures
{
    /// <summary>Results of each answer that are compared, at the most: k of overlap@k.</summary>
    public const int Depth = 10;

    /// <summary>Searches by text that blue answered meanwhile, whether green was asked or not.</summary>
    public long Texts { get; set; }

    /// <summary>Searches by vector that blue answered meanwhile: the new model cannot embed what it never sees.</summary>
    public long NotComparable { get; set; }

    /// <summary>Texts that were to be compared and were not: there was no room to wait, or the index was switched meanwhile.</summary>
    public long Dropped { get; set; }

    /// <summary>Texts that green could not answer.</summary>
    public long Failed { get; set; }

    /// <summary>Texts that both answered.</summary>
    public long Compared { get; set; }

    /// <summary>Those of them whose answers have nothing in common.</summary>
    public long Disjoint { get; set; }

    /// <summary>The sum of their overlaps.</summary>
    public double OverlapSum { get; set; }

    /// <summary>The sum of the squares of their overlaps.</summary>
    public double OverlapSquares { get; set; }

    /// <summary>Those of them where both sides found something, which have a shift.</summary>
    public long Shifted { get; set; }

    /// <summary>The sum of the shifts of their first scores, green less blue.</summary>
    public double TopShiftSum { get; set; }

    /// <summary>The sum of the shifts of their mean scores, green less blue.</summary>
    public double MeanShiftSum { get; set; }

    /// <summary>How long blue took, to embed and search, for those that were compared once green's index was built.</summary>
    public LatencyHistogram Blue { get; set; } = new();

    /// <summary>How long green took for the same.</summary>
    public LatencyHistogram Green { get; set; } = new();

    /// <summary>Adds a query that both answered.</summary>
    /// <param name="difference">How their answers differ.</param>
    public void Add(AnswerDifference difference)
    {
        Compared++;
        Disjoint += difference.Overlap == 0 ? 1 : 0;
        OverlapSum += difference.Overlap;
        OverlapSquares += difference.Overlap * difference.Overlap;
        if (difference is { TopShift: { } top, MeanShift: { } mean })
        {
            Shifted++;
            TopShiftSum += top;
            MeanShiftSum += mean;
        }
    }

    /// <summary>Adds what was counted elsewhere, which stays as it is.</summary>
    public void Merge(ShadowFigures other)
    {
        Texts += other.Texts;
        NotComparable += other.NotComparable;
        Dropped += other.Dropped;
        Failed += other.Failed;
        Compared += other.Compared;
        Disjoint += other.Disjoint;
        OverlapSum += other.OverlapSum;
        OverlapSquares += other.OverlapSquares;
        Shifted += other.Shifted;
        TopShiftSum += other.TopShiftSum;
        MeanShiftSum += other.MeanShiftSum;
        Blue.Merge(other.Blue);
        Green.Merge(other.Green);
    }

    /// <summary>The mean overlap; null where nothing was compared.</summary>
    public double? MeanOverlap() => Compared == 0 ? null : OverlapSum / Compared;

    /// <summary>The standard error of the mean overlap, as of queries that are independent of each other; null with fewer than two.</summary>
    public double? OverlapError() => Compared < 2 ? null
        : Math.Sqrt(Math.Max(0, OverlapSquares - (OverlapSum * OverlapSum / Compared)) / (Compared - 1) / Compared);
}
