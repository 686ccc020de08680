using DriftGuard.Core.Embedding;
using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

public sealed partial class StateStore
{
    /// <summary>As which models a provider has answered for a model, or for all models, by fingerprint and in the order of first sight.</summary>
    /// <param name="fingerprint">The model's fingerprint; null for all.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task<IReadOnlyList<ModelIdentity>> ModelIdentitiesAsync(string? fingerprint, CancellationToken cancellation) =>
        RunAsync(context => ReadIdentitiesAsync(context, fingerprint, cancellation), cancellation);

    /// <summary>Records as which models a provider has answered. One that is there already is seen longer, by whichever process.</summary>
    /// <returns>All that are known of the model, those that other processes recorded included.</returns>
    public Task<IReadOnlyList<ModelIdentity>> RecordModelIdentitiesAsync(
        string fingerprint, IReadOnlyList<ProviderIdentity> identities, CancellationToken cancellation) => TransactAsync(async context =>
    {
        foreach (var identity in identities)
        {
            // One statement: two processes may see the same identity first.
            await context.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "ModelIdentities" ("Fingerprint", "Model", "SystemFingerprint", "FirstSeen", "LastSeen")
                VALUES ({fingerprint}, {identity.Model}, {identity.SystemFingerprint}, {identity.FirstSeen.UtcTicks}, {identity.LastSeen.UtcTicks})
                ON CONFLICT ("Fingerprint", "Model", "SystemFingerprint") DO UPDATE SET
                    "FirstSeen" = CASE WHEN excluded."FirstSeen" < "ModelIdentities"."FirstSeen" THEN excluded."FirstSeen" ELSE "ModelIdentities"."FirstSeen" END,
                    "LastSeen" = CASE WHEN excluded."LastSeen" > "ModelIdentities"."LastSeen" THEN excluded."LastSeen" ELSE "ModelIdentities"."LastSeen" END
                """,
                cancellation);
        }

        var all = await ReadIdentitiesAsync(context, fingerprint, cancellation);
        return all;
    }, cancellation);

    private static async Task<IReadOnlyList<ModelIdentity>> ReadIdentitiesAsync(StateContext context, string? fingerprint, CancellationToken cancellation)
    {
        var rows = await context.ModelIdentities.AsNoTracking().Where(i => fingerprint == null || i.Fingerprint == fingerprint)
            .OrderBy(i => i.Fingerprint).ThenBy(i => i.FirstSeen).ToListAsync(cancellation);
        return rows.ConvertAll(i => new ModelIdentity(
            i.Fingerprint, new() { Model = i.Model, SystemFingerprint = i.SystemFingerprint, FirstSeen = i.FirstSeen, LastSeen = i.LastSeen }));
    }
}

/// <summary>As which model a provider answered for a model.</summary>
/// <param name="Fingerprint">The fingerprint of the model that was asked for.</param>
/// <param name="Identity">Who answered, and when.</param>
public sealed record ModelIdentity(string Fingerprint, ProviderIdentity Identity);
