using DriftGuard.Core.Rollouts;
using DriftGuard.State;
using DriftGuard.Worker.Evaluation.Reports;
using DriftGuard.Worker.Rollouts.Copying.Pacing;
using DriftGuard.Worker.Telemetry.Metrics;

namespace DriftGuard.Worker.Telemetry.Watching;

/// <summary>Where the latest rollout of each index stands, and how earlier ones ended.</summary>
internal sealed class RolloutFigures(StateStore state, CopySpending spending, GateRows gates, TimeProvider time) : IFigures
{
    public IReadOnlyList<MetricDefinition> Metrics { get; } = [.. RolloutMetrics.All.Except([RolloutMetrics.ActionDuration, RolloutMetrics.CopyStageDuration])];

    public async Task ReadAsync(FigureSet figures, CancellationToken cancellation)
    {
        foreach (var rollouts in (await state.ListRolloutsAsync(null, cancellation)).GroupBy(rollout => rollout.Index, StringComparer.Ordinal))
        {
            Count(figures, rollouts.Key, [.. rollouts]);
            var latest = rollouts.Last();
            Add(figures, latest);
            await AddGateAsync(figures, latest, cancellation);
            if (latest.EndedAt is null)
            {
                await AddWorkAsync(figures, latest, cancellation);
            }
        }
    }

    private static void Count(FigureSet figures, string index, List<Rollout> rollouts)
    {
        figures.Add(RolloutMetrics.Cutovers, rollouts.Count(rollout => rollout.CutOverAt is not null), index);
        figures.Add(RolloutMetrics.Rollbacks, rollouts.Count(rollout => rollout.Phase == RolloutPhase.RolledBack), index);
        foreach (var phase in rollouts.CountBy(rollout => rollout.Phase))
        {
            figures.Add(RolloutMetrics.Rollouts, phase.Value, index, phase.Key.ToString());
        }
    }

    private void Add(FigureSet figures, Rollout rollout)
    {
        figures.Add(RolloutMetrics.Phase, 1, rollout.Index, rollout.Phase.ToString(), rollout.Reason);
        figures.Add(RolloutMetrics.PhaseAge, Math.Max(0, (time.GetUtcNow() - rollout.PhaseSince).TotalSeconds), rollout.Index);
        if (rollout.LastSoakCheck is { } soak)
        {
            figures.Add(RolloutMetrics.SoakBreach, soak.Breach ? 1 : 0, rollout.Index);
            AddTally(figures, rollout.Index, "labels", soak.ByLabels());
            AddTally(figures, rollout.Index, "searches", soak.Live);
        }
    }

    private static void AddTally(FigureSet figures, string index, string by, SoakTally? tally)
    {
        if (tally is not null)
        {
            figures.Add(RolloutMetrics.SoakTally, tally.Worse, index, by, "worse");
            figures.Add(RolloutMetrics.SoakTally, tally.Inconclusive, index, by, "inconclusive");
        }
    }

    private async Task AddGateAsync(FigureSet figures, Rollout rollout, CancellationToken cancellation)
    {
        if (rollout.Gate is not { } gate)
        {
            return;
        }

        figures.Add(RolloutMetrics.GateDecision, 1, rollout.Index, EvaluationNames.Word(gate.Decision));
        foreach (var row in await gates.ReadAsync(rollout, cancellation))
        {
            figures.Add(RolloutMetrics.GateCondition, 1, rollout.Index, row.Condition, EvaluationNames.Word(row.Verdict), row.Reason);
        }
    }

    private async Task AddWorkAsync(FigureSet figures, Rollout rollout, CancellationToken cancellation)
    {
        var index = rollout.Index;
        var (partitions, totals) = (await state.PartitionStatesAsync(rollout.Id, cancellation), await state.PartitionTotalsAsync(rollout.Id, cancellation));
        figures.Add(RolloutMetrics.Partitions, partitions.Done, index, "done");
        figures.Add(RolloutMetrics.Partitions, partitions.Begun, index, "begun");
        figures.Add(RolloutMetrics.Partitions, partitions.Waiting, index, "waiting");
        figures.Add(RolloutMetrics.Partitions, partitions.Failed, index, "failed");
        figures.Add(RolloutMetrics.PointsCopied, totals.Copied, index);
        figures.Add(RolloutMetrics.Tokens, CopySpending.TokensOf(rollout, totals.Tokens), index);
        figures.Add(RolloutMetrics.PointsParked, await state.CountParkedAsync(rollout.Id, cancellation), index);
        figures.Add(RolloutMetrics.Outbox, await state.CountDirtyAsync(index, cancellation), index);
        figures.Add(RolloutMetrics.StepFailures, rollout.LastFailure?.InARow ?? 0, index);
        if (rollout.Copying is { } copying)
        {
            figures.Add(RolloutMetrics.PointsTotal, copying.Total, index);
        }

        if (rollout.LastPass is { } pass)
        {
            figures.Add(RolloutMetrics.PassChanges, pass.Changes, index);
        }

        var limits = (await state.RequestsAsync(rollout.Id, cancellation)).Limits.Over(rollout.Settings.Limits);
        if (spending.OfOrUnknown(rollout, limits, totals) is { Cap: { } cap, Money: { } money })
        {
            figures.Add(RolloutMetrics.BudgetSpent, money, index);
            figures.Add(RolloutMetrics.BudgetLimit, cap, index);
        }
    }
}
