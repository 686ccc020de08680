using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

public sealed partial class StateStore
{
    /// <summary>Stores what shows that partitions are complete, of all of them or none; earlier proofs of them are replaced.</summary>
    /// <param name="rolloutId">The rollout.</param>
    /// <param name="proofs">The proofs as JSON, by partition.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="StateConflictException">One of these partitions does not exist.</exception>
    public Task SaveProofsAsync(string rolloutId, IReadOnlyList<(int Ordinal, string Proof)> proofs, CancellationToken cancellation) => TransactAsync(async context =>
    {
        foreach (var (ordinal, proof) in proofs)
        {
            if (await context.Partitions.Where(p => p.RolloutId == rolloutId && p.Ordinal == ordinal)
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.Proof, proof), cancellation) != 1)
            {
                throw new StateConflictException($"rollout {rolloutId} has no partition {ordinal}");
            }
        }

        return proofs.Count;
    }, cancellation);

    /// <summary>Stores the ids of a part of a rollout's index; an earlier set of the part is replaced.</summary>
    /// <param name="rolloutId">The rollout.</param>
    /// <param name="ordinal">The part.</param>
    /// <param name="bytes">The ids, as their writer encodes them.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task SaveIdSetAsync(string rolloutId, int ordinal, byte[] bytes, CancellationToken cancellation) => RunAsync(context =>
        context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "IdSets" ("RolloutId", "Ordinal", "Bytes") VALUES ({rolloutId}, {ordinal}, {bytes})
            ON CONFLICT ("RolloutId", "Ordinal") DO UPDATE SET "Bytes" = excluded."Bytes"
            """,
            cancellation), cancellation);

    /// <summary>The ids of a part of a rollout's index; null if none are stored.</summary>
    /// <param name="rolloutId">The rollout.</param>
    /// <param name="ordinal">The part.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>As <see cref="SaveIdSetAsync"/> was given them.</returns>
    public Task<byte[]?> FindIdSetAsync(string rolloutId, int ordinal, CancellationToken cancellation) => RunAsync(context =>
        context.IdSets.AsNoTracking().Where(s => s.RolloutId == rolloutId && s.Ordinal == ordinal).Select(s => s.Bytes).SingleOrDefaultAsync(cancellation), cancellation);

    /// <summary>Forgets the id sets of a rollout.</summary>
    public Task DeleteIdSetsAsync(string rolloutId, CancellationToken cancellation) =>
        RunAsync(context => context.IdSets.Where(s => s.RolloutId == rolloutId).ExecuteDeleteAsync(cancellation), cancellation);
}
