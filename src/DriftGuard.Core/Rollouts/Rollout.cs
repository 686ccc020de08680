using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts.Estimates;
using DriftGuard.Core.Rollouts.Merging;

namespace DriftGuard.Core.Rollouts;

/// <summary>Which of the two collections serves.</summary>
public enum Side
{
    /// <summary>The collection that served when the rollout was planned.</summary>
    Blue,

    /// <summary>The collection that the rollout builds.</summary>
    Green,
}

/// <summary>A collection of a rollout with the model of its vectors.</summary>
/// <param name="Collection">The collection.</param>
/// <param name="Model">Name of the model.</param>
/// <param name="Fingerprint">The model's fingerprint.</param>
public sealed record RolloutSide(string Collection, string Model, string Fingerprint);

/// <summary>
/// One blue/green change of an index from one model spec to another: what was asked, and the facts recorded on the way.
/// Only the reconciler writes it; people's wishes are requests of their own.
/// </summary>
public sealed record Rollout
{
    /// <summary>Version of this record's stored form.</summary>
    public int FormatVersion { get; init; } = 1;

    /// <summary>Identity, <c>{index}-r{number}</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the index (a Qdrant alias).</summary>
    public required string Index { get; init; }

    /// <summary>Name of the model that serves when the rollout is planned.</summary>
    public required string FromModel { get; init; }

    /// <summary>Fingerprint of the model that serves, 64 hex digits.</summary>
    public required string FromFingerprint { get; init; }

    /// <summary>Name of the model to change to.</summary>
    public required string ToModel { get; init; }

    /// <summary>Fingerprint of the model to change to, 64 hex digits.</summary>
    public required string ToFingerprint { get; init; }

    /// <summary>Collection that serves when the rollout is planned.</summary>
    public required string Blue { get; init; }

    /// <summary>Name of the shadow collection, chosen once, before it is created.</summary>
    public required string Green { get; init; }

    /// <summary>Name of the calibration set that decides.</summary>
    public required string CalibrationSet { get; init; }

    /// <summary>What was asked.</summary>
    public RolloutSettings Settings { get; init; } = new();

    /// <summary>When it was planned.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who started it; null where nobody said.</summary>
    public string? StartedBy { get; init; }

    /// <summary>What its starter calls it, so that it is started once whatever restarts; null where nothing was said.</summary>
    public string? Reference { get; init; }

    /// <summary>The phase that was last derived.</summary>
    public RolloutPhase Phase { get; init; }

    /// <summary>Why it is in that phase; one of <see cref="RolloutReason"/>.</summary>
    public string Reason { get; init; } = RolloutReason.Planned;

    /// <summary>The same for people, with figures and what to do.</summary>
    public string Message { get; init; } = "";

    /// <summary>When the phase was entered.</summary>
    public DateTimeOffset PhaseSince { get; init; }

    /// <summary>The epoch token as it must be found, until one of our own switches moves it.</summary>
    public required EpochToken ExpectedToken { get; init; }

    /// <summary>Which collection serves, as last confirmed.</summary>
    public Side Serving { get; init; }

    /// <summary>What it takes, measured on a sample; null where it was not measured.</summary>
    public RolloutEstimate? Estimate { get; init; }

    /// <summary>Outcome of the preflight; null before it ran.</summary>
    public PreflightOutcome? Preflight { get; init; }

    /// <summary>Green was created once: if it is missing later, somebody removed it.</summary>
    public bool GreenCreated { get; init; }

    /// <summary>
    /// The server was seen to honour <c>update_mode</c> on green: points that are there are then written so that a late write brings none back
    /// that was deleted meanwhile.
    /// </summary>
    public bool HonoursUpdateMode { get; init; }

    /// <summary>Number of partitions planned; 0 before that.</summary>
    public int PartitionsPlanned { get; init; }

    /// <summary>Changes that passes have carried over since copying began, or since the cutover.</summary>
    public long WritesCarried { get; init; }

    /// <summary>Tokens that passes have embedded since then.</summary>
    public long PassTokens { get; init; }

    /// <summary>How the copying goes; null before it began.</summary>
    public CopyProgress? Copying { get; init; }

    /// <summary>
    /// Above every revision under which green's points were copied, and below those of what passes have changed since; null before the first pass.
    /// </summary>
    public long? CopiedBelow { get; init; }

    /// <summary>The latest pass in the direction that matters now; null before the first.</summary>
    public CatchUpPass? LastPass { get; init; }

    /// <summary>The optimiser was told to build green's index.</summary>
    public bool IndexingEnabled { get; init; }

    /// <summary>The latest evaluation of the gate; null before the first.</summary>
    public GateOutcome? Gate { get; init; }

    /// <summary>The fence that holds applications' writes, as it was recorded before it was raised; null while none is wanted.</summary>
    public WriteFence? Fence { get; init; }

    /// <summary>Until when a call that raises a fence may still arrive; a fence that is found until then is lowered, also after the end.</summary>
    public DateTimeOffset? FenceMayRiseUntil { get; init; }

    /// <summary>
    /// Until when a write of this rollout may still be applied whose answer never came, of this process or of one before it; null where
    /// none can. What such a write changes, a pass that began earlier has not seen.
    /// </summary>
    public DateTimeOffset? LateWritesUntil { get; init; }

    /// <summary>How often a fence was lowered because no pass under it came out empty in time.</summary>
    public int FencesLowered { get; init; }

    /// <summary>Sequence of the latest request that had been seen when that last happened.</summary>
    public long FenceLoweredAfterRequest { get; init; }

    /// <summary>When it is raised again after that.</summary>
    public DateTimeOffset? FenceAgainAt { get; init; }

    /// <summary>The latest attempt to switch; null before the first.</summary>
    public SwitchAttempt? Switch { get; init; }

    /// <summary>Peers of Qdrant that had not seen the latest switch when they were last asked, or could not be, for people; null where all have.</summary>
    public string? PeersBehind { get; init; }

    /// <summary>When the peers were last asked; null before the first time.</summary>
    public DateTimeOffset? PeersLookedAt { get; init; }

    /// <summary>The merge of what was still written to the old side around the latest switch; null where none is needed.</summary>
    public LateWriteMerge? Merge { get; init; }

    /// <summary>What can be promised about writes that went on meanwhile.</summary>
    public WriteGuarantee? Guarantee { get; init; }

    /// <summary>When the cutover was confirmed.</summary>
    public DateTimeOffset? CutOverAt { get; init; }

    /// <summary>The latest check in the soak; null before the first.</summary>
    public SoakOutcome? LastSoakCheck { get; init; }

    /// <summary>What searches of the old collection were like before the cutover, as the first check in the soak found it; null before that.</summary>
    public SearchFigures? SearchesBefore { get; init; }

    /// <summary>The latest time that the outbox was carried back to blue in the soak; null before the first.</summary>
    public OutboxCarry? LastCarry { get; init; }

    /// <summary>Why the rollout cannot go on; set once, before cutover.</summary>
    public RolloutFailure? Failure { get; init; }

    /// <summary>Sequence of the latest request that what is recorded takes into account; 0 before the first.</summary>
    public long RequestsSeen { get; init; }

    /// <summary>The failure of a step that has not succeeded since; null while all goes well.</summary>
    public StepFailure? LastFailure { get; init; }

    /// <summary>The state was restored from a backup since it was planned, the latest time; null where it was not.</summary>
    public RestoredState? Restored { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The collection that no longer serves is being removed: from then on nothing goes back to it.</summary>
    public bool Retiring { get; init; }

    /// <summary>The snapshots of the collection that no longer serves, copied before it is removed; null before that, or where none are taken.</summary>
    public IReadOnlyList<KeptSnapshot>? Snapshots { get; init; }

    /// <summary>When the collection that no longer serves was removed.</summary>
    public DateTimeOffset? RetiredAt { get; init; }

    /// <summary>The collection that does not serve once the rollout has ended.</summary>
    public string Retired => Idle().Collection;

    /// <summary>
    /// Green's point is as it was copied: nobody has changed it since. One that was changed meanwhile may have had a new text at the cutover and its new
    /// vector after it, from an application that writes them one after the other: then blue has the text with the vector of the one before.
    /// </summary>
    /// <param name="green">The point's stamp in green; null if it has none.</param>
    public bool IsAsCopied(Stamp? green) => green is { Pending: null } && green.Revision.Value < CopiedBelow;

    /// <summary>The side that serves, as last confirmed.</summary>
    public RolloutSide Served() => Of(Serving);

    /// <summary>The side that does not serve, as last confirmed.</summary>
    public RolloutSide Idle() => Of(Serving == Side.Green ? Side.Blue : Side.Green);

    /// <summary>One side.</summary>
    public RolloutSide Of(Side side) => side == Side.Blue ? new(Blue, FromModel, FromFingerprint) : new(Green, ToModel, ToFingerprint);
}

/// <summary>Result of the preflight.</summary>
/// <param name="Refused">The candidate is hopeless at the 99 % bound.</param>
/// <param name="Message">In a sentence, with figures.</param>
/// <param name="EvaluationId">The stored evaluation, or null if it was skipped.</param>
public sealed record PreflightOutcome(bool Refused, string Message, string? EvaluationId);

/// <summary>How an evaluation of the gate ended.</summary>
/// <param name="Decision">What follows from it.</param>
/// <param name="Message">In a sentence, with figures.</param>
/// <param name="EvaluationId">The stored evaluation.</param>
/// <param name="At">When it was made.</param>
public sealed record GateOutcome(Gate.GateDecision Decision, string Message, string EvaluationId, DateTimeOffset At)
{
    /// <summary>Parked texts that it saw, and let pass if it passed.</summary>
    public long Parked { get; init; }

    /// <summary>Number of the latest pass when it was made.</summary>
    public int AfterPass { get; init; }

    /// <summary>Sequence of the latest request that had been seen when it began.</summary>
    public long AfterRequest { get; init; }
}

/// <summary>What can be promised about writes during the rollout.</summary>
/// <param name="Exact">Nothing that was acknowledged is missing or undone.</param>
/// <param name="Message">In a sentence; begins with "best effort" where it is not exact.</param>
public sealed record WriteGuarantee(bool Exact, string Message);

/// <summary>A step that failed and is tried again.</summary>
/// <param name="Message">What failed, for people.</param>
/// <param name="At">When.</param>
/// <param name="InARow">How often it has failed in a row, this time included.</param>
/// <param name="AgainAt">When it is tried again; null once the one who ran it has given up.</param>
/// <param name="Copied">Points that partitions had copied by then.</param>
public sealed record StepFailure(string Message, DateTimeOffset At, int InARow, DateTimeOffset? AgainAt, long Copied);

/// <summary>Why a rollout cannot go on.</summary>
/// <param name="Reason">One of <see cref="RolloutReason"/>.</param>
/// <param name="Message">For people.</param>
public sealed record RolloutFailure(string Reason, string Message);
