namespace DriftGuard.State;

/// <summary>The right to look after a rollout, for a while. Its times are those of the database, so processes' clocks need not agree.</summary>
/// <param name="RolloutId">The rollout.</param>
/// <param name="Owner">The process that holds it, by a name that no other process has or had.</param>
/// <param name="Epoch">Counts up with each taking by another owner, from 1; what a holder writes carries it.</param>
/// <param name="Until">When it ends unless it is renewed.</param>
public sealed record RolloutLease(string RolloutId, string Owner, long Epoch, DateTimeOffset Until);
