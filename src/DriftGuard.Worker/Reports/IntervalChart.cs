using System.Xml.Linq;
using static DriftGuard.Worker.Reports.ReportText;

namespace DriftGuard.Worker.Reports;

/// <summary>How a value of an interval chart is marked: told apart by its shape, and only then by its colour.</summary>
internal enum IntervalMark
{
    /// <summary>A dot.</summary>
    Dot,

    /// <summary>A square: the second of two that stand together.</summary>
    Square,

    /// <summary>A cross: out of bounds.</summary>
    Cross,
}

/// <summary>A row of an interval chart.</summary>
/// <param name="Name">What it is of.</param>
/// <param name="Lower">Lower end; the value itself where there is none.</param>
/// <param name="Value">The value.</param>
/// <param name="Upper">Upper end; the value itself where there is none.</param>
/// <param name="Mark">How the value is marked.</param>
internal sealed record IntervalRow(string Name, double Lower, double Value, double Upper, IntervalMark Mark = IntervalMark.Dot);

/// <summary>Values with their intervals, one row each.</summary>
internal static class IntervalChart
{
    private const double Width = 720, Names = 210, Right = 12, Row = 26, Foot = 24;

    /// <summary>Differences around zero, and where a loss reaches a margin.</summary>
    public static XElement Differences(string caption, IReadOnlyList<IntervalRow> rows, double? margin = null)
    {
        var reach = Math.Max(Math.Max(.01, margin * 1.2 ?? 0), rows.Max(row => Math.Max(Math.Abs(row.Lower), Math.Abs(row.Upper))));
        var marks = new List<(double At, string Label, string Anchor, string Css)>
        {
            (0, "0", "middle", "axis"), (-reach, Difference(-reach), "start", "grid"), (reach, Difference(reach), "end", "grid"),
        };
        if (margin is { } loss)
        {
            marks.Add((-loss, $"margin {Difference(-loss)}", "middle", "margin"));
        }

        return Draw(caption, rows, -reach, reach, marks, Difference);
    }

    /// <summary>Levels in [0, 1], drawn as closely as they lie together.</summary>
    public static XElement Levels(string caption, IReadOnlyList<IntervalRow> rows)
    {
        var from = Math.Max(0, Math.Floor((rows.Min(row => row.Lower) - .02) * 20) / 20);
        var to = Math.Min(1, Math.Ceiling((rows.Max(row => row.Upper) + .02) * 20) / 20);
        return Draw(caption, rows, from, to, [(from, Figure(from), "start", "axis"), (to, Figure(to), "end", "grid")], value => Figure(value));
    }

    private static XElement Draw(
        string caption, IReadOnlyList<IntervalRow> rows, double from, double to, IReadOnlyList<(double At, string Label, string Anchor, string Css)> marks, Func<double, string> text)
    {
        var height = (rows.Count * Row) + Foot + 12;
        var shapes = new List<XElement>();
        foreach (var (i, (at, label, anchor, css)) in marks.Index())
        {
            // The margin's label has a line of its own, so that it never covers the others.
            shapes.Add(Svg.Line(css, X(at), 4, X(at), height - Foot - 8));
            shapes.Add(Svg.Scale(X(at), i < 3 ? height - 2 : height - 16, label, anchor));
        }

        foreach (var (i, row) in rows.Index())
        {
            var y = (i * Row) + 16;
            var tip = $"{row.Name}: {text(row.Value)} ({text(row.Lower)} to {text(row.Upper)})";
            shapes.Add(Svg.Label(4, y + 4, Shortened(row.Name)));
            shapes.Add(Svg.Line("limit", X(row.Lower), y, X(row.Upper), y));
            shapes.Add(row.Mark switch
            {
                IntervalMark.Cross => Svg.Cross("bad", X(row.Value), y, tip),
                IntervalMark.Square => Svg.Rectangle("now", X(row.Value) - 3.5, y - 3.5, 7, 7, tip),
                _ => Svg.Dot("good", X(row.Value), y, tip),
            });
        }

        return Svg.Figure(Width, height, caption, shapes);

        double X(double value) => Names + ((Width - Names - Right) * (to > from ? Math.Clamp((value - from) / (to - from), 0, 1) : .5));
    }

    /// <summary>A name as long as the room for it; the whole of it stands in the tip.</summary>
    private static string Shortened(string name) => name.Length <= 34 ? name : string.Concat(name.AsSpan(0, char.IsHighSurrogate(name[32]) ? 32 : 33), "…");
}
