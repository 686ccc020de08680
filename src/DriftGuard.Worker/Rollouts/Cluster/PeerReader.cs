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

/// <summary>
/// Asks every peer of Qdrant itself: what one peer says of aliases is not what another serves by. A peer that was cut off from the others was
/// seen to serve, and to take writes to, the old collection after the switch had been answered.
/// </summary>
internal sealed class PeerReader(QdrantStore qdrant) : IDisposable
{
    private readonly ConcurrentDictionary<Uri, QdrantStore> stores = new();

    /// <summary>Asks all peers.</summary>
    /// <param name="collection">A collection, by whose shards a cluster shows itself where nobody tells the peers.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<PeersSeen> ReadAsync(string collection, CancellationToken cancellation)
    {
        IReadOnlyList<QdrantPeer> peers;
        try
        {
            peers = await qdrant.PeersAsync(cancellation);
        }
        catch (QdrantException failure)
        {
            // Many have opened the gRPC port alone.
            var seen = await AskAsync(qdrant, cancellation);
            var cluster = await qdrant.ClusterOfAsync(collection, cancellation);
            return new([seen], cluster.Peers == 1 ? null : $"{collection} lies on {cluster.Peers} peers, and {failure.Message}");
        }

        return new(await Task.WhenAll(peers.Select(peer => AskAsync(peers.Count == 1 ? qdrant : stores.GetOrAdd(peer.Address, _ => qdrant.At(peer)), cancellation))), null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var store in stores.Values)
        {
            store.Dispose();
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
}
