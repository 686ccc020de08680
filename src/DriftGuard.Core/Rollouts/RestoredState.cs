namespace DriftGuard.Core.Rollouts;

/// <summary>
/// The state was restored from a backup while a rollout was under way. What is recorded is older than Qdrant then: writes went on, outbox marks were made and
/// cleared, the index may have been switched.
/// </summary>
/// <param name="TakenAt">When the backup was taken.</param>
/// <param name="At">When the state was restored.</param>
/// <param name="Untold">Changes of which neither source nor outbox had told until the backup: they are not relied on afterwards either.</param>
public sealed record RestoredState(DateTimeOffset TakenAt, DateTimeOffset At, long Untold)
{
    /// <summary>
    /// A rollout as it goes on from a backup. Passes of before prove nothing, so that everything is compared in full once more before a switch, and the
    /// outbox, which lacks the ids of meanwhile, is not asked before that. A fence that strict mode may have raised since is lowered, if it is up.
    /// </summary>
    public static Rollout Apply(Rollout rollout, DateTimeOffset takenAt, DateTimeOffset now) => rollout with
    {
        Restored = new(takenAt, now, rollout.LastPass?.Untold ?? rollout.Restored?.Untold ?? 0),
        LastPass = null,
        LastCarry = null,
        LastFailure = null,
        Fence = rollout.Fence ?? (rollout is { EndedAt: null, Settings.Fence: FenceMode.StrictMode } ? WriteFence.New(FenceKind.StrictMode, rollout.Served().Collection, now) : null),
    };

    /// <summary>What becomes of a rollout that goes on from a backup, for people.</summary>
    /// <param name="rollout">The rollout as it is restored.</param>
    /// <param name="target">Collection that the index' alias points to; null if there is no such alias.</param>
    /// <param name="token">The epoch token with the collection that it points to; null if there is not exactly one.</param>
    public static string Outlook(Rollout rollout, string? target, TokenSeen? token) => rollout switch
    {
        _ when target is null || token is null => $"index '{rollout.Index}' has no alias with an epoch token in Qdrant: it stands still until Qdrant is restored as well",
        { EndedAt: not null } => $"it has ended; {rollout.Retired} is removed when its retention is over, unless an alias points to it",
        _ when token.Token == rollout.ExpectedToken => rollout.Serving == Side.Green
            ? "it goes on in its soak; both collections are compared in full first"
            : "it goes on; both collections are compared in full, and its gate is evaluated and approved anew, before it cuts over",
        _ when IsTakenOver(rollout, target, token) => $"'{rollout.Index}' was switched to {target} after the backup: that is taken over",
        _ => $"'{rollout.Index}' was switched after the backup, to {token.Token} on {token.Target}, in a way that this rollout does not account for: it ends",
    };

    /// <summary>Whether a token that is not the expected one is that of a switch, or of the end of one, which this rollout made after the backup.</summary>
    internal static bool IsTakenOver(Rollout rollout, string? target, TokenSeen token) =>
        rollout is { Restored: not null, EndedAt: null } && token.Target == target
        && ((target == rollout.Idle().Collection && token.Token.Epoch > rollout.ExpectedToken.Epoch)
            || (target == rollout.Served().Collection && token.Token == rollout.ExpectedToken.Abort()));
}
