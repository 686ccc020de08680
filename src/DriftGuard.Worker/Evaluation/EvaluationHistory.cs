using System.Collections.Concurrent;
using DriftGuard.Core.Statistics;
using DriftGuard.State;

namespace DriftGuard.Worker.Evaluation;

/// <summary>What an evaluation of whole collections scored.</summary>
/// <param name="Id">The evaluation.</param>
/// <param name="Rollout">The rollout that it belongs to; null for none.</param>
/// <param name="Kind">One of <see cref="EvaluationKind"/>.</param>
/// <param name="At">When it was made.</param>
/// <param name="CalibrationSet">The set.</param>
/// <param name="Metrics">The metrics by name; the first is the primary one.</param>
/// <param name="Old">The collection that served, or before a soak had served.</param>
/// <param name="New">The candidate, or in a soak what serves; null where one side was scored.</param>
public sealed record EvaluationFiguresView(
    string Id, string? Rollout, string Kind, DateTimeOffset At, string CalibrationSet, IReadOnlyList<string> Metrics, SideFiguresView Old, SideFiguresView? New);

/// <summary>What one side scored.</summary>
/// <param name="Collection">The collection.</param>
/// <param name="Model">Name of its model.</param>
/// <param name="Means">Mean of each metric.</param>
/// <param name="Intervals">The 95 % interval of each mean; null with fewer than two groups. Empty where none are known.</param>
public sealed record SideFiguresView(string Collection, string Model, IReadOnlyList<double> Means, IReadOnlyList<MeanInterval?> Intervals)
{
    internal static SideFiguresView Of(SideReport side) => new(side.Collection, side.Model, side.Means, side.Intervals);
}

/// <summary>
/// How an index scored over time. Reports hold every query and never change: what is shown of each is read from it once.
/// </summary>
public sealed class EvaluationHistory
{
    /// <summary>Evaluations that are read at a time at most.</summary>
    public const int MostRead = 200;

    private const int MostKept = 10 * MostRead;

    private readonly StateStore state;
    private readonly ConcurrentDictionary<string, EvaluationFiguresView> known = new(StringComparer.Ordinal);

    internal EvaluationHistory(StateStore state) => this.state = state;

    /// <summary>The evaluations of an index whose levels say something about it, newest first.</summary>
    /// <param name="index">The index.</param>
    /// <param name="limit">So many of the newest are looked at.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<IReadOnlyList<EvaluationFiguresView>> ReadAsync(string index, int limit, CancellationToken cancellation)
    {
        var figures = new List<EvaluationFiguresView>();
        foreach (var entry in await state.ListEvaluationsAsync(index, limit, cancellation))
        {
            if (entry.Kind is EvaluationKind.Evaluate or EvaluationKind.Gate or EvaluationKind.Soak && await FindAsync(entry.Id, cancellation) is { } found)
            {
                figures.Add(found);
            }
        }

        return figures;
    }

    private async Task<EvaluationFiguresView?> FindAsync(string id, CancellationToken cancellation)
    {
        if (known.TryGetValue(id, out var figures))
        {
            return figures;
        }

        if (await state.FindEvaluationAsync(id, cancellation) is not { } stored)
        {
            return null;
        }

        if (known.Count >= MostKept)
        {
            known.Clear();
        }

        var report = EvaluationJson.Read(stored.Json);
        return known[id] = new(
            id, stored.RolloutId, report.Kind, report.At, report.CalibrationSet, report.Metrics, SideFiguresView.Of(report.Old), report.New is { } other ? SideFiguresView.Of(other) : null);
    }
}
