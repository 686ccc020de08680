namespace DriftGuard.Core.Rollouts;

/// <summary>A wish of a person or of the soak about a rollout.</summary>
public enum RequestKind
{
    /// <summary>Hold where it is safe.</summary>
    Pause,

    /// <summary>Go on after a pause, or evaluate a gate again that did not pass.</summary>
    Resume,

    /// <summary>Agree to the cutover.</summary>
    Approve,

    /// <summary>End before cutover and remove green.</summary>
    Abort,

    /// <summary>Switch back to blue.</summary>
    Rollback,

    /// <summary>Accept green before its soak is over.</summary>
    Promote,

    /// <summary>Change the limits; its arguments are a <see cref="Limits.LimitChange"/>.</summary>
    Throttle,

    /// <summary>Try parked texts again; its arguments name them, or are null for all.</summary>
    Retry,
}

/// <summary>A request as it was made.</summary>
/// <param name="Sequence">Later requests of a rollout have higher ones, from 1: their order, which no clock tells reliably.</param>
/// <param name="Kind">What is wished.</param>
/// <param name="By">Who wishes it.</param>
/// <param name="At">When.</param>
/// <param name="Arguments">What else was said, as the kind defines it; null for nothing.</param>
public sealed record RolloutRequest(long Sequence, RequestKind Kind, string By, DateTimeOffset At, string? Arguments = null);

/// <summary>A range of point ids that one job copies.</summary>
/// <param name="RolloutId">The rollout it belongs to.</param>
/// <param name="Ordinal">Position in id order, from 0.</param>
/// <param name="Start">First id, as Qdrant prints it; the first partition starts at 0.</param>
/// <param name="End">The id at which it stops, exclusive; null for the last one, which is open.</param>
/// <param name="Cursor">Where the next attempt begins.</param>
/// <param name="Attempt">Counts the jobs that took it; only the latest may move the cursor.</param>
/// <param name="Copied">Points written so far.</param>
/// <param name="Truncated">Those of them whose text is longer than the model's token limit.</param>
/// <param name="Done">It is copied to its end.</param>
/// <param name="Tokens">Tokens that were embedded for it so far; 0 where they are not counted.</param>
/// <param name="Proof">As JSON, what shows that it is complete; null before it was looked at.</param>
/// <param name="Owner">The process whose job took it last; null before one did.</param>
/// <param name="Failure">What its job failed with, until whoever looks after the rollout has taken note of it; null where nothing did.</param>
public sealed record Partition(
    string RolloutId, int Ordinal, string Start, string? End, string Cursor, int Attempt, long Copied, long Truncated, bool Done, long Tokens = 0, string? Proof = null,
    string? Owner = null, string? Failure = null);

/// <summary>What the partitions of a rollout come to together.</summary>
/// <param name="Done">How many are copied to their end.</param>
/// <param name="Copied">Points written.</param>
/// <param name="Tokens">Tokens that were embedded.</param>
public sealed record PartitionTotals(int Done, long Copied, long Tokens)
{
    /// <summary>Those of a rollout that has no partitions yet.</summary>
    public static PartitionTotals None { get; } = new(0, 0, 0);
}

/// <summary>How many partitions of a rollout stand where.</summary>
/// <param name="Done">Copied to their end.</param>
/// <param name="Failed">Their job failed, and whoever looks after the rollout has not taken note of it yet.</param>
/// <param name="Begun">A job took them, and none has come to their end.</param>
/// <param name="Waiting">No job has taken them.</param>
public sealed record PartitionStates(int Done, int Failed, int Begun, int Waiting)
{
    /// <summary>Those of a rollout that has no partitions yet.</summary>
    public static PartitionStates None { get; } = new(0, 0, 0, 0);
}

/// <summary>How far a job has come with a partition since it last said so.</summary>
/// <param name="Cursor">Where the next attempt would begin.</param>
/// <param name="Copied">Points written.</param>
/// <param name="Truncated">Those of them whose text is longer than the model's token limit.</param>
/// <param name="Done">The partition is copied to its end.</param>
/// <param name="Tokens">Tokens that were embedded; 0 where they are not counted.</param>
public readonly record struct PartitionAdvance(string Cursor, long Copied, long Truncated, bool Done, long Tokens = 0);

/// <summary>A point whose text has no vector, after as many tries as it was given.</summary>
/// <param name="PointId">The point, as Qdrant prints it.</param>
/// <param name="Reason">Why there is none.</param>
/// <param name="Tries">How often it was tried.</param>
public readonly record struct UnembeddedText(string PointId, string Reason, int Tries = 1);

/// <summary>A point whose text could not be embedded. It blocks the gate until it is mended.</summary>
/// <param name="RolloutId">The rollout that met it; <see cref="OfLoads"/> where a load did.</param>
/// <param name="PointId">The point.</param>
/// <param name="Reason">Why it could not be embedded.</param>
/// <param name="At">When it was last tried.</param>
/// <param name="Attempts">How often it was tried.</param>
public sealed record ParkedText(string RolloutId, string PointId, string Reason, DateTimeOffset At, int Attempts)
{
    /// <summary>Under what the texts are listed that loads into an index could not embed.</summary>
    public static string OfLoads(string index) => $"index:{index}";
}

/// <summary>A snapshot of a collection that was copied to a folder before the collection was removed.</summary>
/// <param name="Peer">The peer of Qdrant that made it, of what it held.</param>
/// <param name="File">The file, with its path.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">The digest of the file, 64 lower-case hex digits.</param>
public sealed record KeptSnapshot(string Peer, string File, long Bytes, string Sha256);

/// <summary>A stored evaluation: its report as JSON, with what finds it again.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Index">The index that was evaluated.</param>
/// <param name="RolloutId">The rollout it belongs to, or null.</param>
/// <param name="Kind">preflight, gate, soak, evaluate or compare.</param>
/// <param name="Verdict">The decision in a word.</param>
/// <param name="At">When it was made.</param>
/// <param name="Json">The whole report with per-query results.</param>
public sealed record StoredEvaluation(string Id, string Index, string? RolloutId, string Kind, string Verdict, DateTimeOffset At, string Json);

/// <summary>A stored evaluation as it is listed.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Index">The index that was evaluated.</param>
/// <param name="RolloutId">The rollout it belongs to, or null.</param>
/// <param name="Kind">preflight, gate, soak, evaluate or compare.</param>
/// <param name="Verdict">The decision in a word.</param>
/// <param name="At">When it was made.</param>
public sealed record EvaluationEntry(string Id, string Index, string? RolloutId, string Kind, string Verdict, DateTimeOffset At);
