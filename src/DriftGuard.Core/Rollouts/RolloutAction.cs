namespace DriftGuard.Core.Rollouts;

/// <summary>The one thing the reconciler does next. Every action may be cut off anywhere and run again.</summary>
public enum RolloutAction
{
    /// <summary>Nothing to do now; look again later.</summary>
    Wait,

    /// <summary>Score a sub-corpus under both models.</summary>
    RunPreflight,

    /// <summary>Create the shadow collection under the name recorded for it.</summary>
    CreateGreen,

    /// <summary>Sample and persist the partition boundaries.</summary>
    PlanPartitions,

    /// <summary>See that a job runs for each unfinished partition.</summary>
    CopyPartitions,

    /// <summary>Compare blue and green in id order and carry the differences over.</summary>
    RunCatchUpPass,

    /// <summary>Let the optimiser build the approximate index.</summary>
    EnableIndexing,

    /// <summary>Gather the evidence and evaluate the gate.</summary>
    Evaluate,

    /// <summary>Hold applications' writes.</summary>
    RaiseFence,

    /// <summary>Let applications' writes go on, to the collection that serves.</summary>
    LowerFence,

    /// <summary>Move the epoch token and the alias to green, together.</summary>
    SwitchToGreen,

    /// <summary>Move the epoch token and the alias back to blue, together.</summary>
    SwitchToBlue,

    /// <summary>Decide the outcome of a switch that was cut off: rename its token away, so that it can never apply late.</summary>
    SettleSwitch,

    /// <summary>Record a switch that was made after the backup from which the state was restored, as Qdrant shows it.</summary>
    TakeOverSwitch,

    /// <summary>Read the aliases back and record that the switch is seen.</summary>
    ConfirmSwitch,

    /// <summary>Ask the peers again of which some had not seen the latest switch.</summary>
    ConfirmPeers,

    /// <summary>Carry over, once, what was still written to the side that no longer serves.</summary>
    MergeLateWrites,

    /// <summary>Judge the serving collection: score the calibration set against it, and hold what searches of it were like against those before the cutover.</summary>
    CheckSoak,

    /// <summary>Carry what was written to green through DriftGuard back to blue, as the outbox tells it.</summary>
    CarryWrites,

    /// <summary>Carry what was written to green since the cutover back to blue.</summary>
    RunReversePass,

    /// <summary>Delete the collection that lost, unless an alias points to it.</summary>
    RetireCollection,

    /// <summary>Delete the shadow collection of a rollout that ends before cutover.</summary>
    RemoveGreen,
}
