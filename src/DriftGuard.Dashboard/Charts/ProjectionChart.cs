using System.Xml.Linq;
using DriftGuard.Core.Drift.Probes;
using DriftGuard.Worker.Reports;

namespace DriftGuard.Dashboard.Charts;

/// <summary>The probes before and now in one plane: a square is where one was when the model was fingerprinted, a dot where it is now, and a line leads from one to the other.</summary>
internal static class ProjectionChart
{
    private const double Width = 720, Height = 420, Edge = 16;

    /// <summary>Draws them.</summary>
    /// <param name="projection">The probes.</param>
    /// <param name="beyond">Positions of those that are beyond their tolerance, which are crosses.</param>
    public static XElement Draw(ProbeProjection projection, IReadOnlyList<int> beyond)
    {
        var all = projection.Probes.SelectMany(probe => new[] { (X: probe.BeforeX, Y: probe.BeforeY), (X: probe.NowX, Y: probe.NowY) }).ToList();
        double left = all.Min(p => p.X), right = all.Max(p => p.X), low = all.Min(p => p.Y), high = all.Max(p => p.Y);

        // One scale for both directions, so that distances look as they are.
        var scale = Math.Min((Width - (2 * Edge)) / Math.Max(right - left, 1e-12), (Height - (2 * Edge)) / Math.Max(high - low, 1e-12));
        var (far, shapes) = (beyond.ToHashSet(), new List<XElement>());
        foreach (var probe in projection.Probes)
        {
            shapes.Add(Svg.Line("moved", X(probe.BeforeX), Y(probe.BeforeY), X(probe.NowX), Y(probe.NowY)));
        }

        foreach (var (i, probe) in projection.Probes.Index())
        {
            shapes.Add(Svg.Rectangle("past", X(probe.BeforeX) - 3.5, Y(probe.BeforeY) - 3.5, 7, 7, "before"));
            shapes.Add(far.Contains(i) ? Svg.Cross("bad", X(probe.NowX), Y(probe.NowY), "now, beyond its tolerance") : Svg.Dot("now", X(probe.NowX), Y(probe.NowY), "now"));
        }

        return Svg.Figure(
            Width, Height,
            $"The probes when the model was fingerprinted (squares) and now (dots; crosses are beyond their tolerance), in the plane that shows {ReportText.Percent(projection.Explained)} of how they spread; what moves across the plane is not seen here",
            shapes);

        double X(double value) => (Width / 2) + ((value - ((left + right) / 2)) * scale);
        double Y(double value) => (Height / 2) - ((value - ((low + high) / 2)) * scale);
    }
}
