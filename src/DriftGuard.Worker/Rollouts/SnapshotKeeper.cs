using System.Globalization;
using System.Security.Cryptography;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Rollouts.Cluster;

namespace DriftGuard.Worker.Rollouts;

/// <summary>
/// Takes a snapshot of a collection on every peer of Qdrant and copies it to a folder, whole and checked by its digest: once the collection is deleted, Qdrant
/// lists its snapshots no more.
/// </summary>
internal sealed class SnapshotKeeper(PeerReader peers)
{
    private const string PartSuffix = ".part";

    /// <summary>Takes and copies them.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="folder">The folder, made where it is missing.</param>
    /// <param name="cancellation">Cancels; what was copied by half is removed.</param>
    /// <exception cref="OperatorException">Not every peer is known, the folder cannot be written to, or a copy is not what the server made.</exception>
    public async Task<IReadOnlyList<KeptSnapshot>> KeepAsync(string collection, string folder, CancellationToken cancellation)
    {
        var found = await peers.FindAsync(collection, TimeSpan.Zero, cancellation);
        if (found.Unknown is { } unknown)
        {
            throw new OperatorException(OperatorError.Conflict, $"no snapshot of {collection} is taken before every peer of Qdrant is known, as each holds a part of it: {unknown}");
        }

        try
        {
            Directory.CreateDirectory(folder);
            var kept = new List<KeptSnapshot>();
            foreach (var (number, peer) in found.Peers.Index())
            {
                kept.Add(await KeepAsync(peer, collection, Path.GetFullPath(Path.Join(folder, string.Create(CultureInfo.InvariantCulture, $"{Uri.EscapeDataString(collection)}-{number}.snapshot"))), cancellation));
            }

            return kept;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(OperatorError.Unavailable, $"the snapshot of {collection} cannot be written to {folder}: {failure.Message}");
        }
    }

    private static async Task<KeptSnapshot> KeepAsync(QdrantStore peer, string collection, string file, CancellationToken cancellation)
    {
        var made = await peer.CreateSnapshotAsync(collection, cancellation);
        try
        {
            var (bytes, digest) = await CopyAsync(peer, collection, made.Name, file + PartSuffix, cancellation);
            if (bytes != made.Bytes || (made.Sha256 is { } expected && !string.Equals(digest, expected, StringComparison.OrdinalIgnoreCase)))
            {
                throw new OperatorException(OperatorError.Conflict, string.Create(CultureInfo.InvariantCulture,
                    $"the copy of snapshot {made.Name} of {collection} has {bytes} bytes with SHA-256 {digest}: Qdrant at {peer.Address} says {made.Bytes} bytes with {made.Sha256 ?? "no digest"}"));
            }

            File.Move(file + PartSuffix, file, overwrite: true);
            await File.WriteAllTextAsync($"{file}.sha256", $"{digest}  {Path.GetFileName(file)}\n", cancellation);
            return new(peer.Address.ToString(), file, bytes, digest);
        }
        finally
        {
            File.Delete(file + PartSuffix);
            await RemoveAsync(peer, collection, made.Name);
        }
    }

    private static async Task<(long Bytes, string Digest)> CopyAsync(QdrantStore peer, string collection, string snapshot, string part, CancellationToken cancellation)
    {
        await using var file = new FileStream(part, FileMode.Create, FileAccess.ReadWrite);
        var bytes = await peer.DownloadSnapshotAsync(collection, snapshot, file, cancellation);
        file.Flush(flushToDisk: true);
        file.Position = 0;
        return (bytes, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation)));
    }

    /// <summary>What is left on the server takes its room and is listed no more once the collection is gone; it does not keep the copy from being kept.</summary>
    private static async Task RemoveAsync(QdrantStore peer, string collection, string snapshot)
    {
        try
        {
            await peer.DeleteSnapshotAsync(collection, snapshot, CancellationToken.None);
        }
        catch (QdrantException)
        {
            // Somebody deleted it, or the server is gone: then the step fails by itself, or nothing is left to do.
        }
    }
}
