using static DriftGuard.Worker.Telemetry.Metrics.MetricKind;

namespace DriftGuard.Worker.Telemetry.Metrics;

/// <summary>What is measured of rollouts. Gauges tell of the latest rollout of an index and are read from the state, so that a restart shows the same.</summary>
internal static class RolloutMetrics
{
    public static MetricDefinition Phase { get; } = new(
        "driftguard.rollout.phase", Gauge, "", "1 for the phase of the latest rollout of an index, and why it is in it", MetricTags.Index, "phase", MetricTags.Reason);

    public static MetricDefinition PhaseAge { get; } = new(
        "driftguard.rollout.phase.age", Gauge, "s", "Time since the latest rollout of an index came into its phase", MetricTags.Index);

    public static MetricDefinition PointsCopied { get; } = new(
        "driftguard.rollout.points.copied", Gauge, "{point}", "Points that the partitions of an unfinished rollout have copied", MetricTags.Index)
    {
        Together = Together.Sum,
    };

    public static MetricDefinition PointsTotal { get; } = new(
        "driftguard.rollout.points.total", Gauge, "{point}", "Points that an unfinished rollout has to copy, as counted when it began", MetricTags.Index)
    {
        Together = Together.Sum,
    };

    public static MetricDefinition PointsParked { get; } = new(
        "driftguard.rollout.points.parked", Gauge, "{point}", "Points of an unfinished rollout whose texts cannot be embedded", MetricTags.Index)
    {
        Together = Together.Sum,
    };

    public static MetricDefinition Partitions { get; } = new(
        "driftguard.rollout.partitions", Gauge, "{partition}", "Partitions of an unfinished rollout", MetricTags.Index, "state")
    {
        Together = Together.Sum,
    };

    public static MetricDefinition Tokens { get; } = new(
        "driftguard.rollout.tokens", Gauge, "{token}", "Tokens that an unfinished rollout has embedded", MetricTags.Index)
    {
        Together = Together.Sum,
    };

    public static MetricDefinition PassChanges { get; } = new(
        "driftguard.rollout.pass.changes", Gauge, "{change}", "Differences that the latest pass of an unfinished rollout found and carried over", MetricTags.Index)
    {
        Together = Together.Sum,
    };

    public static MetricDefinition Outbox { get; } = new(
        "driftguard.rollout.outbox", Gauge, "{point}", "Points that were written through DriftGuard and are not known to be carried over", MetricTags.Index)
    {
        Together = Together.Sum,
    };

    public static MetricDefinition StepFailures { get; } = new(
        "driftguard.rollout.step.failures", Gauge, "{failure}", "How often in a row the step has failed that an unfinished rollout is at", MetricTags.Index);

    public static MetricDefinition GateDecision { get; } = new(
        "driftguard.gate.decision", Gauge, "", "1 for what the gate of the latest rollout said when it was last asked", MetricTags.Index, "decision");

    public static MetricDefinition GateCondition { get; } = new(
        "driftguard.gate.condition", Gauge, "", "1 for what a condition of that gate answered, and why", MetricTags.Index, "condition", MetricTags.Verdict, MetricTags.Reason);

    public static MetricDefinition SoakBreach { get; } = new(
        "driftguard.rollout.soak.breach", Gauge, "", "1 where the latest check in the soak found a breach, 0 where it found none", MetricTags.Index);

    public static MetricDefinition SoakTally { get; } = new(
        "driftguard.rollout.soak.tally", Gauge, "{check}", "Checks in a row in the soak that found the new collection worse, or could not tell", MetricTags.Index, "by", MetricTags.Verdict);

    public static MetricDefinition BudgetSpent { get; } = new(
        "driftguard.rollout.budget.spent", Gauge, "{money}", "What an unfinished rollout with a cap has spent, in the currency of its model's price", MetricTags.Index)
    {
        Together = Together.Sum,
    };

    public static MetricDefinition BudgetLimit { get; } = new(
        "driftguard.rollout.budget.limit", Gauge, "{money}", "What it may spend", MetricTags.Index)
    {
        Together = Together.Sum,
    };

    public static MetricDefinition Rollouts { get; } = new(
        "driftguard.rollouts", Gauge, "{rollout}", "Rollouts on record", MetricTags.Index, "phase")
    {
        Together = Together.Sum,
    };

    public static MetricDefinition Cutovers { get; } = new(
        "driftguard.rollout.cutovers", Counter, "{cutover}", "Rollouts on record that cut over", MetricTags.Index)
    {
        Together = Together.Sum,
    };

    public static MetricDefinition Rollbacks { get; } = new(
        "driftguard.rollout.rollbacks", Counter, "{rollback}", "Rollouts on record that went back", MetricTags.Index)
    {
        Together = Together.Sum,
    };

    public static MetricDefinition ActionDuration { get; } = new(
        "driftguard.rollout.action.duration", Histogram, "s", "Time of an action of a rollout in this process", "action", MetricTags.Outcome)
    {
        Buckets = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 1800],
    };

    // From a cursor that a local disk took in to a batch for which a provider's limit was waited out.
    public static MetricDefinition CopyStageDuration { get; } = new("driftguard.copy.stage.duration", Histogram, "s", "Time of a batch in a stage of copying", "stage")
    {
        Buckets = [.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60],
    };

    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        Phase, PhaseAge, PointsCopied, PointsTotal, PointsParked, Partitions, Tokens, PassChanges, Outbox, StepFailures, GateDecision, GateCondition, SoakBreach, SoakTally,
        BudgetSpent, BudgetLimit, Rollouts, Cutovers, Rollbacks, ActionDuration, CopyStageDuration,
    ];
}
