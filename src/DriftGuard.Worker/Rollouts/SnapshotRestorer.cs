using DriftGuard.Qdrant;

namespace DriftGuard.Worker.Rollouts;

/// <summary>Makes a collection of a snapshot that a rollout kept of one before it removed it.</summary>
public sealed class SnapshotRestorer
{
    private readonly QdrantStore _qdrant;

    internal SnapshotRestorer(QdrantStore qdrant) => _qdrant = qdrant;

    /// <summary>Makes it. No alias and no index is changed.</summary>
    /// <param name="file">The snapshot.</param>
    /// <param name="collection">Its name, which nothing has yet.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>How many points it holds.</returns>
    /// <exception cref="OperatorException">There is no such file, the name is taken, or Qdrant is a cluster.</exception>
    /// <exception cref="QdrantException">It is no snapshot that this Qdrant reads.</exception>
    public async Task<ulong> RestoreAsync(string file, string collection, CancellationToken cancellation)
    {
        if (!File.Exists(file))
        {
            throw new OperatorException(OperatorError.NotFound, $"there is no file '{file}'");
        }

        if (await _qdrant.ExistsAsync(collection, cancellation))
        {
            throw new OperatorException(OperatorError.Conflict, $"Qdrant has a collection or an alias '{collection}' already: nothing was restored; choose another name");
        }

        if (await PeersAsync(cancellation) is > 1 and var peers)
        {
            throw new OperatorException(OperatorError.Conflict,
                $"Qdrant has {peers} peers, and a snapshot holds what one of them had: restore each on its peer, as Qdrant's documentation of snapshots says");
        }

        await using var content = File.OpenRead(file);
        await _qdrant.RestoreSnapshotAsync(collection, content, cancellation);
        return await _qdrant.CountAsync(collection, cancellationToken: cancellation);
    }

    /// <summary>Where nobody tells them there is one, or the snapshot will not be taken: both are told by the REST port.</summary>
    private async Task<int> PeersAsync(CancellationToken cancellation)
    {
        try
        {
            return (await _qdrant.PeersAsync(cancellation)).Count;
        }
        catch (QdrantException)
        {
            return 1;
        }
    }
}
