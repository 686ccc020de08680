using System.Collections.Concurrent;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;

namespace DriftGuard.Worker.Rollouts.Cluster;

/// <summary>What one peer of Qdrant says of itself.</summary>
/// <param name="Address">Its gRPC address.</param>
/// <param name="Server">Its version; null where it has no answer.</param>
/// <param name="Aliases">The aliases as it sees them; null where it has no answer.</param>
/// <param name="Problem">Why it has none.</param>
internal sealed record PeerSeen(Uri Address, QdrantServer? Server, AliasTable? Aliases, string? Problem);

/// <summary>All peers of Qdrant, each asked itself.</summary>
/// <param name="Peers">The peers; a single node is one.</param>
/// <param name="Unknown">Why nobody knows whether these are all; null where they are.</param>
internal sealed record PeersSeen(IReadOnlyList<PeerSeen> Peers, string? Unknown)
{
    /// <summary>Why a switch is not seen by every peer as far as is known, for people; null where it is.</summary>
    public string? Behind(EpochToken token, string collection) =>
        Said(Peers.Where(peer => peer.Aliases is { } aliases && !AliasMoves.AreAfter(token, collection, aliases.Targets))
            .Select(peer => $"{peer.Address} still has '{token.Index}' on {peer.Aliases!.TargetOf(token.Index) ?? "nothing"}"));

    /// <summary>Why an alias of some peer may be on a collection, for people; null where no peer has one.</summary>
    public string? PointingTo(string collection) =>
        Said(Peers.Where(peer => peer.Aliases?.AliasesOf(collection).Count > 0)
            .Select(peer => $"{peer.Address} has {string.Join(", ", peer.Aliases!.AliasesOf(collection))} on it"));

    /// <summary>Those that cannot be asked come after what others say.</summary>
    private string? Said(IEnumerable<string> told)
    {
        if (Unknown is not null)
        {
            return Unknown;
        }

        var all = told.Concat(Peers.Where(peer => peer.Problem is not null).Select(peer => $"{peer.Address} has no answer ({peer.Problem})")).ToList();
        return all.Count == 0 ? null : string.Join("; ", all);
    }
}

/// <summary>The peers of Qdrant.</summary>
/// <param name="Peers">A client of each; a single node is one. They are not the reader's to dispose.</param>
/// <param name="Unknown">Why nobody knows whether these are all; null where they are.</param>
internal sealed record PeersFound(IReadOnlyList<QdrantStore> Peers, string? Unknown);

/// <summary>
/// Asks every peer of Qdrant itself: what one peer says of aliases is not what another serves by. A peer that was cut off from the others was
/// seen to serve, and to take writes to, the old collection after the switch had been answered.
/// </summary>
internal sealed class PeerReader(QdrantStore qdrant, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<Uri, QdrantStore> stores = new();
    private volatile Told? latest;

    /// <summary>Asks all peers.</summary>
    /// <param name="collection">A collection, by whose shards a cluster shows itself where nobody tells the peers.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<PeersSeen> ReadAsync(string collection, CancellationToken cancellation)
    {
        var found = await FindAsync(collection, TimeSpan.Zero, cancellation);
        return new(await Task.WhenAll(found.Peers.Select(peer => AskAsync(peer, cancellation))), found.Unknown);
    }

    /// <summary>Finds all peers.</summary>
    /// <param name="collection">A collection, by whose shards a cluster shows itself where nobody tells the peers.</param>
    /// <param name="asOf">How long ago they may have been told, for who looks again and again.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<PeersFound> FindAsync(string collection, TimeSpan asOf, CancellationToken cancellation)
    {
        var told = latest is { } known && time.GetElapsedTime(known.At) < asOf ? known : latest = await AskWhoThereIsAsync(cancellation);
        if (told.Peers is { Count: > 1 } peers)
        {
            foreach (var gone in stores.Keys.Except(peers.Select(peer => peer.Address)))
            {
                // Not disposed: somebody may be asking it still.
                stores.TryRemove(gone, out _);
            }

            return new([.. peers.Select(peer => stores.GetOrAdd(peer.Address, _ => qdrant.At(peer)))], null);
        }

        var unknown = told.Problem is not null && await qdrant.ClusterOfAsync(collection, cancellation) is { Peers: not 1 } cluster
            ? $"{collection} lies on {cluster.Peers} peers, and {told.Problem}" : null;
        return new([qdrant], unknown);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var store in stores.Values)
        {
            store.Dispose();
        }
    }

    private async Task<Told> AskWhoThereIsAsync(CancellationToken cancellation)
    {
        try
        {
            return new(await qdrant.PeersAsync(cancellation), null, time.GetTimestamp());
        }
        catch (QdrantException failure)
        {
            // Many have opened the gRPC port alone.
            return new(null, failure.Message, time.GetTimestamp());
        }
    }

    private static async Task<PeerSeen> AskAsync(QdrantStore peer, CancellationToken cancellation)
    {
        try
        {
            return new(peer.Address, await peer.ServerAsync(cancellation), await peer.AliasesAsync(cancellation), null);
        }
        catch (QdrantException failure)
        {
            return new(peer.Address, null, null, failure.Kind.ToString());
        }
    }

    /// <summary>What was told of the peers, or why nothing was, and when.</summary>
    private sealed record Told(IReadOnlyList<QdrantPeer>? Peers, string? Problem, long At);
}
