namespace DriftGuard.Core.Rollouts;

/// <summary>What follows from an observation.</summary>
/// <param name="Phase">Where the rollout stands.</param>
/// <param name="Action">The one thing to do next.</param>
/// <param name="Reason">One of <see cref="RolloutReason"/>.</param>
/// <param name="Message">The same for people.</param>
/// <param name="LookAgainAfter">When to observe again; null when the rollout needs no more attention.</param>
public sealed record RolloutDecision(
    RolloutPhase Phase,
    RolloutAction Action,
    string Reason,
    string Message,
    TimeSpan? LookAgainAfter)
{
    /// <summary>The rollout has ended before cutover with this observation; the reconciler records it.</summary>
    public bool Ends { get; init; }

    /// <summary>A failure that this observation revealed; recorded once.</summary>
    public RolloutFailure? Failure { get; init; }
}
