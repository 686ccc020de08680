using System.Xml.Linq;
using DriftGuard.Worker.Reports;
using DriftGuard.Worker.Rollouts;
using static DriftGuard.Worker.Reports.ReportText;

namespace DriftGuard.Dashboard.Charts;

/// <summary>The partitions of a rollout as a heat map, in the order of their ids.</summary>
internal static class PartitionMap
{
    private const double Cell = 22, Gap = 3;
    private const int Columns = 28;

    /// <summary>In which state a partition is, in a word.</summary>
    public static string StateOf(PartitionView partition) => partition switch
    {
        { Done: true } => "done",
        { Failure: not null } => "failed",
        { Attempt: > 0 } => "begun",
        _ => "waiting",
    };

    /// <summary>Draws them; told apart by a sign as well as by colour.</summary>
    public static XElement Draw(IReadOnlyList<PartitionView> partitions)
    {
        var shapes = new List<XElement>();
        foreach (var (i, partition) in partitions.Index())
        {
            double x = i % Columns * (Cell + Gap), y = i / Columns * (Cell + Gap);
            var state = StateOf(partition);
            var tip = $"Partition {Count(partition.Ordinal)}, {state}: {Count(partition.Copied)} points, attempt {Count(partition.Attempt)}, from id {partition.Start}{(partition.Failure is { } failure ? $"; {failure}" : "")}";
            shapes.Add(Svg.Rectangle(state switch { "done" => "done-cell", "failed" => "failed-cell", _ => state }, x, y, Cell, Cell, tip));
            shapes.Add(Svg.Label(x + (Cell / 2), y + (Cell / 2) + 4, state switch { "done" => "✓", "failed" => "✗", "begun" => "…", _ => "" }, "middle"));
        }

        return Svg.Figure(
            (Columns * (Cell + Gap)) + Gap, (((partitions.Count - 1) / Columns) + 1) * (Cell + Gap), "Partitions in the order of their ids: ✓ is copied whole, … is begun, ✗ failed and is tried again, an empty one waits", shapes);
    }
}
