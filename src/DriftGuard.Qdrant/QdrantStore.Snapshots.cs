using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant;

/// <summary>A snapshot of a collection on the server.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">The size of its file.</param>
/// <param name="Sha256">The digest of its file, 64 lower-case hex digits; null where the server tells none.</param>
public sealed record QdrantSnapshot(string Name, long Bytes, string? Sha256);

public sealed partial class QdrantStore
{
    // A server writes all segments of the collection to one file: minutes for tens of gigabytes.
    private static readonly TimeSpan LongestSnapshot = TimeSpan.FromHours(1);

    /// <summary>Makes a snapshot of what this peer holds of a collection. It carries metadata and configuration, and no aliases.</summary>
    /// <exception cref="QdrantException">The collection is missing, the server has no room, or another failure.</exception>
    public async Task<QdrantSnapshot> CreateSnapshotAsync(string collection, CancellationToken cancellationToken = default)
    {
        var request = new CreateSnapshotRequest { CollectionName = collection };
        var call = new Connection.Call("Create snapshot", collection, LongestSnapshot, Writes: true, Repeatable: false);
        var reply = await _caller.InvokeAsync(call, options => _snapshots.CreateAsync(request, options), cancellationToken);
        var made = reply.SnapshotDescription;
        return new(made.Name, made.Size, made.HasChecksum ? made.Checksum : null);
    }

    /// <summary>Deletes a snapshot from the server.</summary>
    /// <exception cref="QdrantException">There is none (<see cref="QdrantFailure.NotFound"/>), or another failure.</exception>
    public Task DeleteSnapshotAsync(string collection, string snapshot, CancellationToken cancellationToken = default)
    {
        var request = new DeleteSnapshotRequest { CollectionName = collection, SnapshotName = snapshot };
        return ChangeAsync("Delete snapshot", collection, repeatable: false, options => _snapshots.DeleteAsync(request, options), cancellationToken);
    }

    /// <summary>Copies the file of a snapshot from the REST port (<see cref="QdrantOptions.RestAddress"/>).</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="snapshot">The snapshot's name.</param>
    /// <param name="to">Where it is written to.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Bytes copied.</returns>
    /// <exception cref="QdrantException">There is none, or nobody serves it.</exception>
    public Task<long> DownloadSnapshotAsync(string collection, string snapshot, Stream to, CancellationToken cancellationToken = default) =>
        _rest.Value.DownloadAsync(collection, snapshot, to, cancellationToken);

    /// <summary>Makes a collection of the file of a snapshot, by the REST port. Of a cluster's snapshots each holds one peer's part: restore those as Qdrant says.</summary>
    /// <exception cref="QdrantException">It is no snapshot that the server reads, or the collection is there.</exception>
    public Task RestoreSnapshotAsync(string collection, Stream snapshot, CancellationToken cancellationToken = default) =>
        _rest.Value.UploadAsync(collection, snapshot, cancellationToken);
}
