namespace DriftGuard.Core.Access;

/// <summary>An entry of the append-only audit log.</summary>
/// <param name="Sequence">Position in the log.</param>
/// <param name="At">When.</param>
/// <param name="Index">The index it is about; null where it is about none.</param>
/// <param name="RolloutId">The rollout it is about, or null.</param>
/// <param name="Event">What happened.</param>
/// <param name="Reason">Why, one of <see cref="Rollouts.RolloutReason"/> for changes of phase.</param>
/// <param name="Message">The same for people.</param>
/// <param name="By">Who did it; null of what the worker did by itself.</param>
/// <param name="From">From where they did it.</param>
/// <param name="Why">What they said it is for.</param>
public sealed record AuditEvent(
    long Sequence, DateTimeOffset At, string? Index, string? RolloutId, string Event, string Reason, string Message, string? By = null, string? From = null, string? Why = null);

/// <summary>Which entries of the audit log are meant.</summary>
/// <param name="Index">Only those about an index.</param>
/// <param name="RolloutId">Only those about a rollout.</param>
/// <param name="Since">Only those not older.</param>
/// <param name="Before">Only those before this position, to page back.</param>
/// <param name="Limit">So many, the newest.</param>
public sealed record AuditQuery(string? Index = null, string? RolloutId = null, DateTimeOffset? Since = null, long? Before = null, int Limit = AuditQuery.UsualLimit)
{
    /// <summary>Entries unless said.</summary>
    public const int UsualLimit = 100;

    /// <summary>Entries at most.</summary>
    public const int MostEntries = 10_000;
}
