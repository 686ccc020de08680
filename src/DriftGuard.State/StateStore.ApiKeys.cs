using DriftGuard.Core.Access;
using DriftGuard.State.Rows;
using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

public sealed partial class StateStore
{
    private const string KeysLock = "api-keys";

    /// <summary>Records an API key, with an audit event in the same transaction.</summary>
    /// <exception cref="StateConflictException">A key that is not revoked has its name.</exception>
    public Task AddApiKeyAsync(ApiKey key, byte[] digest, CancellationToken cancellation) => TransactAsync(async context =>
    {
        await Database.HoldAsync(context, KeysLock, shared: false, cancellation);
        if (await context.ApiKeys.AnyAsync(k => k.Name == key.Name && k.RevokedAt == null, cancellation))
        {
            throw new StateConflictException($"there is an API key '{key.Name}' already; rotate it, revoke it, or take another name");
        }

        context.ApiKeys.Add(new()
        {
            Id = key.Id,
            Name = key.Name,
            Grants = StateJson.Write(key.Grants),
            Digest = digest,
            CreatedAt = key.CreatedAt,
            CreatedBy = key.CreatedBy,
            ExpiresAt = key.ExpiresAt,
        });
        Append(context, key.CreatedAt, NoIndex, null, "api_key_created", "requested", $"API key '{key.Name}' ({key.Id}): {key.Grants}");
        return await context.SaveChangesAsync(cancellation);
    }, cancellation);

    /// <summary>All API keys, revoked ones included: those first that were used last, at the end those that never were.</summary>
    public Task<IReadOnlyList<ApiKey>> ApiKeysAsync(CancellationToken cancellation) => RunAsync<IReadOnlyList<ApiKey>>(async context =>
        [.. (await context.ApiKeys.AsNoTracking().ToListAsync(cancellation)).Select(Read).OrderByDescending(k => k.LastUsedAt ?? DateTimeOffset.MinValue).ThenByDescending(k => k.CreatedAt).ThenBy(k => k.Id, StringComparer.Ordinal)],
        cancellation);

    /// <summary>The API keys that are not revoked, with the digests by which their secrets are known.</summary>
    public Task<IReadOnlyList<(ApiKey Key, KeyDigests Digests)>> KeysInForceAsync(CancellationToken cancellation) => RunAsync<IReadOnlyList<(ApiKey, KeyDigests)>>(async context =>
        (await context.ApiKeys.AsNoTracking().Where(k => k.RevokedAt == null).ToListAsync(cancellation))
            .ConvertAll(row => (Read(row), new KeyDigests(row.Digest, row.PreviousDigest, row.PreviousUntil))), cancellation);

    /// <summary>Exchanges the secret of an API key, with an audit event in the same transaction.</summary>
    /// <param name="idOrName">The key.</param>
    /// <param name="digest">SHA-256 of the new secret.</param>
    /// <param name="previousUntil">Until when the secret before it still opens.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The key; null if there is none, or it is revoked.</returns>
    public Task<ApiKey?> RotateApiKeyAsync(string idOrName, byte[] digest, DateTimeOffset previousUntil, CancellationToken cancellation) =>
        ChangeKeyAsync(idOrName, (row, now) =>
        {
            (row.PreviousDigest, row.PreviousUntil) = previousUntil > now ? (row.Digest, previousUntil) : ((byte[]?)null, (DateTimeOffset?)null);
            (row.Digest, row.RotatedAt) = (digest, now);
            return ("api_key_rotated", row.PreviousUntil is { } until ? $"the secret before opens until {until:u}" : "the secret before opens nothing any more");
        }, cancellation);

    /// <summary>Puts an API key out of use, with an audit event in the same transaction.</summary>
    /// <returns>The key; null if there is none, or it is revoked already.</returns>
    public Task<ApiKey?> RevokeApiKeyAsync(string idOrName, CancellationToken cancellation) => ChangeKeyAsync(idOrName, (row, now) =>
    {
        row.RevokedAt = now;
        return ("api_key_revoked", "opens nothing any more");
    }, cancellation);

    /// <summary>Writes down when keys were last used; an earlier use than what stands there changes nothing.</summary>
    /// <param name="used">By the key's id: when and from where.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task SaveKeyUsesAsync(IReadOnlyDictionary<string, (DateTimeOffset At, string? From)> used, CancellationToken cancellation) => TransactAsync(async context =>
    {
        foreach (var (id, (at, from)) in used)
        {
            await context.ApiKeys.Where(k => k.Id == id && (k.LastUsedAt == null || k.LastUsedAt < at))
                .ExecuteUpdateAsync(k => k.SetProperty(row => row.LastUsedAt, at).SetProperty(row => row.LastUsedFrom, from), cancellation);
        }

        return used.Count;
    }, cancellation);

    private Task<ApiKey?> ChangeKeyAsync(string idOrName, Func<ApiKeyRow, DateTimeOffset, (string Event, string Message)> change, CancellationToken cancellation) => TransactAsync(async context =>
    {
        await Database.HoldAsync(context, KeysLock, shared: false, cancellation);
        if (await context.ApiKeys.SingleOrDefaultAsync(k => (k.Id == idOrName || k.Name == idOrName) && k.RevokedAt == null, cancellation) is not { } row)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var (what, message) = change(row, now);
        Append(context, now, NoIndex, null, what, "requested", $"API key '{row.Name}' ({row.Id}): {message}");
        await context.SaveChangesAsync(cancellation);
        return Read(row);
    }, cancellation);

    private static ApiKey Read(ApiKeyRow row) => new(
        row.Id, row.Name, StateJson.Read<Grants>(row.Grants), row.CreatedAt, row.CreatedBy, row.ExpiresAt, row.RotatedAt, row.RevokedAt, row.LastUsedAt, row.LastUsedFrom);
}
