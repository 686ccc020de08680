using System.Xml.Linq;
using DriftGuard.Core.Rollouts.Estimates;
using DriftGuard.Worker.Reports;
using static DriftGuard.Worker.Reports.ReportText;

namespace DriftGuard.Dashboard.Charts;

/// <summary>Points copied over the last minutes.</summary>
internal static class ThroughputChart
{
    private const double Width = 720, Height = 120, Left = 90, Right = 12, Foot = 24;

    /// <summary>Draws them; null where there are too few to show anything.</summary>
    public static XElement? Draw(IReadOnlyList<ProgressSample> samples)
    {
        if (samples.Count < 2 || samples[^1].At <= samples[0].At)
        {
            return null;
        }

        var (first, last) = (samples[0], samples[^1]);
        var shapes = new List<XElement>
        {
            new("path", new XAttribute("class", "curve"), new XAttribute("d", "M" + string.Join('L', samples.Select(sample => FormattableString.Invariant($"{X(sample):0.#} {Y(sample):0.#}"))))),
            Svg.Line("axis", Left, Height - Foot, Width - Right, Height - Foot),
            Svg.Label(Left - 6, 14, Count(last.Done), "end"), Svg.Label(Left - 6, Height - Foot, Count(first.Done), "end"),
            Svg.Label(Left, Height - 6, Time(first.At)), Svg.Label(Width - Right, Height - 6, Time(last.At), "end"),
        };
        return Svg.Figure(Width, Height, "Points copied over the last minutes: the steeper, the faster", shapes);

        double X(ProgressSample sample) => Left + ((Width - Left - Right) * ((sample.At - first.At) / (last.At - first.At)));
        double Y(ProgressSample sample) => Height - Foot - ((Height - Foot - 10) * (last.Done > first.Done ? (sample.Done - first.Done) / (double)(last.Done - first.Done) : 0));
    }
}
