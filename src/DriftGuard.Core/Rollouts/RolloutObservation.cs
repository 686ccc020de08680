using DriftGuard.Core.Rollouts.Limits;

namespace DriftGuard.Core.Rollouts;

/// <summary>The world as it was read just now: everything a decision depends on.</summary>
public sealed record RolloutObservation
{
    /// <summary>When reading began.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The recorded facts.</summary>
    public required Rollout Rollout { get; init; }

    /// <summary>What people asked for.</summary>
    public RolloutRequests Requests { get; init; } = new();

    /// <summary>Collection that the index' alias points to; null if there is no such alias.</summary>
    public string? IndexTarget { get; init; }

    /// <summary>The epoch tokens found, each with the collection it points to. Exactly one is right.</summary>
    public IReadOnlyList<TokenSeen> Tokens { get; init; } = [];

    /// <summary>The ways that applications' writes take.</summary>
    public FenceSeen Fence { get; init; } = new();

    /// <summary>Blue is there.</summary>
    public bool BlueExists { get; init; }

    /// <summary>Green is there.</summary>
    public bool GreenExists { get; init; }

    /// <summary>Partitions that are copied to their end.</summary>
    public int PartitionsDone { get; init; }

    /// <summary>Points that are copied.</summary>
    public long PointsCopied { get; init; }

    /// <summary>Green's approximate index; null where it was not looked at.</summary>
    public IndexReadiness? Readiness { get; init; }

    /// <summary>An alias points to the collection that is to be retired.</summary>
    public bool RetiredIsReferenced { get; init; }

    /// <summary>Another rollout of this index was planned after it; looked at once the rollout has ended.</summary>
    public bool HasSuccessor { get; init; }

    /// <summary>Points that could not be embedded and stand parked; looked at once the rollout has ended.</summary>
    public int ParkedTexts { get; init; }

    /// <summary>Ids that were written through DriftGuard and are not known to be the same on both sides; looked at in the soak.</summary>
    public long DirtyIds { get; init; }

    /// <summary>What was spent and may be; null where nothing is capped.</summary>
    public RolloutSpending? Spending { get; init; }

    /// <summary>The token, if exactly one was found.</summary>
    public TokenSeen? Token => Tokens.Count == 1 ? Tokens[0] : null;
}

/// <summary>An epoch token as found in Qdrant.</summary>
/// <param name="Token">Epoch and nonce.</param>
/// <param name="Target">Collection that it points to.</param>
public sealed record TokenSeen(EpochToken Token, string Target);

/// <summary>What people asked of a rollout, reduced to what holds now.</summary>
public sealed record RolloutRequests
{
    /// <summary>Hold where it is safe.</summary>
    public bool Pause { get; init; }

    /// <summary>End before cutover and remove green.</summary>
    public bool Abort { get; init; }

    /// <summary>Switch back to blue.</summary>
    public bool Rollback { get; init; }

    /// <summary>Accept green before its soak is over; a breach, or the wish to go back, comes first.</summary>
    public bool Promote { get; init; }

    /// <summary>When the cutover was last approved.</summary>
    public DateTimeOffset? ApprovedAt { get; init; }

    /// <summary>The evaluation that was approved then; null in requests of a time when they did not name it.</summary>
    public string? ApprovedEvaluation { get; init; }

    /// <summary>Who approved it then.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>
    /// Sequence of the latest request that told it to go on, 0 without one; a gate that had not seen it when it did not pass is evaluated again.
    /// </summary>
    public long Resumed { get; init; }

    /// <summary>What was changed in its limits since it was planned.</summary>
    public LimitChange Limits { get; init; } = LimitChange.None;

    /// <summary>Sequence of the latest request; 0 if there is none.</summary>
    public long Latest { get; init; }

    /// <summary>Whether an evaluation is the one whose cutover was approved.</summary>
    /// <param name="evaluationId">The evaluation.</param>
    /// <param name="evaluatedAt">When it was made: what an approval that names none is held against.</param>
    public bool Approves(string evaluationId, DateTimeOffset evaluatedAt) =>
        ApprovedEvaluation is { } approved ? string.Equals(approved, evaluationId, StringComparison.Ordinal) : ApprovedAt >= evaluatedAt;

    /// <summary>Reduces requests, oldest first, to what holds after them.</summary>
    public static RolloutRequests Reduce(IEnumerable<RolloutRequest> requests) =>
        requests.Aggregate(new RolloutRequests(), (before, request) => Apply(before with { Latest = request.Sequence }, request));

    private static RolloutRequests Apply(RolloutRequests now, RolloutRequest request) => request.Kind switch
    {
        RequestKind.Pause => now with { Pause = true },
        RequestKind.Resume => now with { Pause = false, Resumed = request.Sequence },
        RequestKind.Approve => now with { ApprovedAt = request.At, ApprovedBy = request.By, ApprovedEvaluation = request.Arguments },
        RequestKind.Abort => now with { Abort = true },
        RequestKind.Rollback => now with { Rollback = true },
        RequestKind.Promote => now with { Promote = true },
        RequestKind.Throttle => now with { Limits = now.Limits.Then(LimitChange.Read(request.Arguments)) },

        // A pass tries what is parked again: the same as what a resume leads to, but a pause stays one.
        RequestKind.Retry => now with { Resumed = request.Sequence },
        _ => throw new ArgumentException($"request {request.Kind} is not one that this version knows", nameof(request)),
    };
}

/// <summary>Whether green's approximate index is built.</summary>
/// <param name="Ready">All conditions hold.</param>
/// <param name="Message">What is waited for, or the figures that made it ready.</param>
public sealed record IndexReadiness(bool Ready, string Message);
