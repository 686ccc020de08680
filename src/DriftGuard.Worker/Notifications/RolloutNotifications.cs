using DriftGuard.Core.Notifications;
using DriftGuard.Core.Rollouts;
using DriftGuard.State;
using DriftGuard.Worker.Drift;
using DriftGuard.Worker.Reports;
using DriftGuard.Worker.Rollouts.Copying.Pacing;

namespace DriftGuard.Worker.Notifications;

/// <summary>What became of rollouts lately, and what those that have not ended wait for.</summary>
internal sealed class RolloutNotifications(StateStore state, CopySpending spending, TimeProvider time) : INotificationSource
{
    // As the alarm has it.
    private const double NearlySpent = .9;

    private readonly StuckRollouts _stuck = new(time);

    public string Area => "rollout";

    public async Task ReadAsync(NotificationReading reading, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var rollouts = (await state.ListRolloutsAsync(null, cancellation)).Where(rollout => rollout.EndedAt is not { } ended || now - ended <= NotificationDecider.News).ToList();
        _stuck.Keep(rollouts);
        foreach (var rollout in rollouts)
        {
            reading.Facts.AddRange(Happened(rollout));
            if (rollout.EndedAt is null)
            {
                var totals = await state.PartitionTotalsAsync(rollout.Id, cancellation);
                reading.Facts.AddRange(new[] { Waits(rollout) ?? Stuck(rollout, totals.Copied), await SpentAsync(rollout, totals, cancellation) }.OfType<NotificationFact>());
            }
        }
    }

    /// <summary>What happened to it, each once.</summary>
    private static IEnumerable<NotificationFact> Happened(Rollout rollout)
    {
        yield return Once(rollout, "started", NotificationKind.RolloutStarted, rollout.CreatedAt, "was started", $"Index {rollout.Index} is to change from {rollout.FromModel} to {rollout.ToModel}.");
        if (rollout.CutOverAt is { } cutOver)
        {
            yield return Once(rollout, "cut-over", NotificationKind.CutOver, cutOver, "has cut over", $"Index {rollout.Index} is served by {rollout.ToModel} from {rollout.Green}. {rollout.Guarantee?.Message}".TrimEnd());
        }

        if (rollout.Phase is RolloutPhase.RollingBack or RolloutPhase.RolledBack)
        {
            var breach = rollout.LastSoakCheck is { Breach: true } && rollout.Reason != RolloutReason.RollbackRequested;
            yield return Once(
                rollout, "back", breach ? NotificationKind.SoakBreach : NotificationKind.RolledBack, rollout.PhaseSince, breach ? "goes back: the new collection was worse" : "goes back",
                breach ? rollout.LastSoakCheck!.Message : rollout.Message);
        }

        if (rollout.EndedAt is { } ended && End(rollout) is var (kind, what))
        {
            yield return Once(rollout, "ended", kind, ended, what, rollout.Message);
        }
    }

    private static (NotificationKind Kind, string What)? End(Rollout rollout) => rollout.Phase switch
    {
        RolloutPhase.Failed when rollout.Reason is RolloutReason.GateRefused or RolloutReason.PreflightRefused => (NotificationKind.GateRefused, "was refused"),
        RolloutPhase.Failed => (NotificationKind.RolloutFailed, "has failed"),
        RolloutPhase.Aborted => (NotificationKind.RolloutAborted, "was aborted"),
        RolloutPhase.Completed => (NotificationKind.RolloutCompleted, "is completed"),
        _ => null,
    };

    /// <summary>What it waits for, where that is a person.</summary>
    private static NotificationFact? Waits(Rollout rollout) => (rollout.Phase, rollout.Reason) switch
    {
        (RolloutPhase.AwaitingApproval, _) => Lasting(rollout, NotificationKind.WaitingForApproval, "waits for approval", $"driftguard rollout approve {rollout.Index}"),
        (RolloutPhase.Paused, RolloutReason.GateInconclusive) => Lasting(rollout, NotificationKind.GateInconclusive, "waits: its gate cannot tell", $"Add what is missing, then driftguard rollout resume {rollout.Index}"),
        (RolloutPhase.Paused, RolloutReason.GateBlocked) => Lasting(rollout, NotificationKind.GateRefused, "waits: something keeps its gate from passing", $"Mend it, then driftguard rollout resume {rollout.Index}"),
        (RolloutPhase.Paused, _) => Lasting(rollout, NotificationKind.RolloutPaused, "is paused", $"driftguard rollout resume {rollout.Index}, or abort"),
        _ => null,
    };

    private NotificationFact? Stuck(Rollout rollout, long copied) =>
        _stuck.Why(rollout, copied) is { } why ? Lasting(rollout, NotificationKind.RolloutStuck, "does not come on", $"driftguard rollout status {rollout.Index}") with { Text = why } : null;

    private async Task<NotificationFact?> SpentAsync(Rollout rollout, PartitionTotals totals, CancellationToken cancellation)
    {
        var limits = (await state.RequestsAsync(rollout.Id, cancellation)).Limits.Over(rollout.Settings.Limits);
        return spending.OfOrUnknown(rollout, limits, totals) is { Cap: { } cap, Money: { } money } spent && money > NearlySpent * cap
            ? new($"rollout/{rollout.Id}/budget", NotificationKind.BudgetNearlySpent, rollout.Index, rollout.Id, $"Rollout {rollout.Id} has spent nine tenths of what it may", $"{spent.Text(null)}.", time.GetUtcNow())
            {
                WhatToDo = $"driftguard rollout throttle {rollout.Index} --money AMOUNT, or let it pause",
            }
            : null;
    }

    private static NotificationFact Once(Rollout rollout, string what, NotificationKind kind, DateTimeOffset at, string title, string text) =>
        new($"rollout/{rollout.Id}/{what}", kind, rollout.Index, rollout.Id, $"Rollout {rollout.Id} {title}", text, at) { Lasts = false, Figures = FiguresOf(rollout) };

    private static NotificationFact Lasting(Rollout rollout, NotificationKind kind, string title, string todo) =>
        new($"rollout/{rollout.Id}/standing", kind, rollout.Index, rollout.Id, $"Rollout {rollout.Id} {title}", rollout.Message, rollout.PhaseSince) { WhatToDo = todo, Figures = FiguresOf(rollout) };

    private static List<NotificationFigure> FiguresOf(Rollout rollout) =>
        [new("phase", DriftJson.Word(rollout.Phase)), new("reason", rollout.Reason), new("from", rollout.FromModel), new("to", rollout.ToModel), new("phase since", ReportText.Time(rollout.PhaseSince))];
}
