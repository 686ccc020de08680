using System.Linq.Expressions;
using DriftGuard.State.Rows;
using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

public sealed partial class StateStore
{
    private static readonly Expression<Func<BridgeRow, StoredBridge>> AsBridge = b => new StoredBridge(b.Id, b.Index, b.Fingerprint, b.At, b.EndedAt, b.Serves, b.Json);

    /// <summary>Stores a bridge, with an audit event in the same transaction. One that serves takes the place of the one before it, which is ended.</summary>
    /// <param name="bridge">The bridge.</param>
    /// <param name="map">The numbers of its map; null of one that was refused.</param>
    /// <param name="reason">What became of it, for the audit log.</param>
    /// <param name="message">The same for people.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task AddBridgeAsync(StoredBridge bridge, byte[]? map, string reason, string message, CancellationToken cancellation) => TransactAsync(async context =>
    {
        if (bridge.Serves)
        {
            await context.Bridges.Where(b => b.Index == bridge.Index && b.Serves && b.EndedAt == null)
                .ExecuteUpdateAsync(b => b.SetProperty(row => row.EndedAt, bridge.At), cancellation);
        }

        context.Bridges.Add(new()
        {
            Id = bridge.Id,
            Index = bridge.Index,
            Fingerprint = bridge.Fingerprint,
            At = bridge.At,
            EndedAt = bridge.EndedAt,
            Serves = bridge.Serves,
            Json = bridge.Json,
            Map = map,
        });
        Append(context, bridge.At, bridge.Index, null, "bridge_fitted", reason, message);
        return await context.SaveChangesAsync(cancellation);
    }, cancellation);

    /// <summary>Puts a bridge out of use, with an audit event in the same transaction.</summary>
    /// <param name="id">The bridge.</param>
    /// <param name="at">When.</param>
    /// <param name="reason">Why, for the audit log.</param>
    /// <param name="message">The same for people.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>Whether it was in use, and this call has ended it.</returns>
    public Task<bool> EndBridgeAsync(string id, DateTimeOffset at, string reason, string message, CancellationToken cancellation) => TransactAsync(async context =>
    {
        // In one statement: of several that look after it at once, one ends it.
        var ended = await context.Bridges.Where(b => b.Id == id && b.Serves && b.EndedAt == null)
            .ExecuteUpdateAsync(b => b.SetProperty(row => row.EndedAt, at), cancellation);
        if (ended == 0)
        {
            return false;
        }

        var index = await context.Bridges.Where(b => b.Id == id).Select(b => b.Index).SingleAsync(cancellation);
        Append(context, at, index, null, "bridge_ended", reason, message);
        await context.SaveChangesAsync(cancellation);
        return true;
    }, cancellation);

    /// <summary>The bridges in use, at most one an index.</summary>
    public Task<IReadOnlyList<StoredBridge>> BridgesInUseAsync(CancellationToken cancellation) => RunAsync<IReadOnlyList<StoredBridge>>(async context =>
        await context.Bridges.AsNoTracking().Where(b => b.Serves && b.EndedAt == null).OrderBy(b => b.Index).Select(AsBridge).ToListAsync(cancellation), cancellation);

    /// <summary>The bridges of an index, those that were refused or have ended included, newest first.</summary>
    public Task<IReadOnlyList<StoredBridge>> ListBridgesAsync(string index, CancellationToken cancellation) => RunAsync<IReadOnlyList<StoredBridge>>(async context =>
        await context.Bridges.AsNoTracking().Where(b => b.Index == index).OrderByDescending(b => b.At).ThenByDescending(b => b.Id).Select(AsBridge).ToListAsync(cancellation), cancellation);

    /// <summary>The numbers of a bridge's map; null where there is none.</summary>
    public Task<byte[]?> FindBridgeMapAsync(string id, CancellationToken cancellation) => RunAsync(async context =>
        await context.Bridges.AsNoTracking().Where(b => b.Id == id).Select(b => b.Map).SingleOrDefaultAsync(cancellation), cancellation);
}

/// <summary>A map by which queries of one model search a collection whose own model is gone, without its numbers.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Index">The index.</param>
/// <param name="Fingerprint">Of the model that made the collection's vectors.</param>
/// <param name="At">When it was fitted.</param>
/// <param name="EndedAt">When it was put out of use; null while it is in use, or was refused.</param>
/// <param name="Serves">It passed its gate.</param>
/// <param name="Json">The report on it.</param>
public sealed record StoredBridge(string Id, string Index, string Fingerprint, DateTimeOffset At, DateTimeOffset? EndedAt, bool Serves, string Json);
