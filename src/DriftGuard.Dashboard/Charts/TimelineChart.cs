using System.Xml.Linq;
using DriftGuard.Worker.Reports;
using static DriftGuard.Worker.Reports.ReportText;

namespace DriftGuard.Dashboard.Charts;

/// <summary>A value at a time.</summary>
/// <param name="At">When.</param>
/// <param name="Value">The value.</param>
/// <param name="Alarms">It counts as drift, or as a loss: told by its shape.</param>
/// <param name="Tip">What stands behind it.</param>
internal sealed record TimedValue(DateTimeOffset At, double Value, bool Alarms, string Tip)
{
    /// <summary>Lower end of its interval; null where there is none.</summary>
    public double? Lower { get; init; }

    /// <summary>Upper end of its interval; null where there is none.</summary>
    public double? Upper { get; init; }
}

/// <summary>Something that happened at a time.</summary>
/// <param name="At">When.</param>
/// <param name="What">What it was.</param>
internal sealed record TimedEvent(DateTimeOffset At, string What);

/// <summary>Values over time with their threshold, and what happened meanwhile. Its labels are values that it draws: the first and the last time, the extremes.</summary>
internal static class TimelineChart
{
    private const double Width = 720, Height = 170, Left = 70, Right = 12, Top = 10, Foot = 26;

    /// <summary>Draws them.</summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="values">The values, in any order, one at least.</param>
    /// <param name="threshold">From where on a value counts; null where that is not known.</param>
    /// <param name="events">What happened.</param>
    public static XElement Draw(string caption, IReadOnlyList<TimedValue> values, double? threshold, IReadOnlyList<TimedEvent> events)
    {
        var sorted = values.OrderBy(value => value.At).ToList();
        var (first, last) = (sorted[0].At, sorted[^1].At);
        var drawn = sorted.SelectMany(value => new[] { value.Value, value.Lower ?? value.Value, value.Upper ?? value.Value }).ToList();
        double low = Math.Min(drawn.Min(), threshold ?? double.MaxValue), high = Math.Max(drawn.Max(), threshold ?? double.MinValue);
        var shapes = new List<XElement>();
        foreach (var happened in events.Where(happened => happened.At >= first && happened.At <= last))
        {
            var line = Svg.Line("event", X(happened.At), Top, X(happened.At), Height - Foot);
            line.Add(new XElement("title", $"{Time(happened.At)}: {happened.What}"));
            shapes.Add(line);
        }

        if (threshold is { } limit)
        {
            shapes.Add(Svg.Line("margin", Left, Y(limit), Width - Right, Y(limit)));
            shapes.Add(Svg.Label(Left - 6, Y(limit) + 4, Figure(limit), "end"));
        }

        foreach (var extreme in new[] { drawn.Min(), drawn.Max() }.Distinct().Where(extreme => threshold is not { } near || Math.Abs(Y(extreme) - Y(near)) > 12))
        {
            shapes.Add(Svg.Label(Left - 6, Y(extreme) + 4, Figure(extreme), "end"));
        }

        foreach (var value in sorted)
        {
            if (value is { Lower: { } lower, Upper: { } upper })
            {
                shapes.Add(Svg.Line("band", X(value.At), Y(lower), X(value.At), Y(upper)));
            }

            shapes.Add(value.Alarms ? Svg.Cross("bad", X(value.At), Y(value.Value), value.Tip) : Svg.Dot("good", X(value.At), Y(value.Value), value.Tip));
        }

        shapes.Add(Svg.Line("axis", Left, Height - Foot, Width - Right, Height - Foot));
        shapes.Add(Svg.Label(Left, Height - 8, Time(first)));
        if (last > first)
        {
            shapes.Add(Svg.Label(Width - Right, Height - 8, Time(last), "end"));
        }

        return Svg.Figure(Width, Height, caption, shapes);

        double X(DateTimeOffset at) => last > first ? Left + 6 + ((Width - Left - Right - 12) * ((at - first) / (last - first))) : (Left + Width - Right) / 2;
        double Y(double value) => high > low ? Top + 6 + ((Height - Top - Foot - 12) * (1 - ((value - low) / (high - low)))) : (Top + Height - Foot) / 2;
    }
}
