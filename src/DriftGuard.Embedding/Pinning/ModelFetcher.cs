using DriftGuard.Embedding.Pinning.Cache;
using DriftGuard.Embedding.Pinning.Hub;
using DriftGuard.Embedding.Pinning.Lock;

namespace DriftGuard.Embedding.Pinning;

/// <summary>Brings the files of a plan into the cache's blobs. Asks the hub for what is not there, and for nothing else.</summary>
/// <param name="cache">The cache, whose lock is held.</param>
/// <param name="hub">The hub.</param>
/// <param name="observer">Is told of bytes.</param>
/// <param name="freeBytes">Free bytes of the disk of a folder.</param>
internal sealed class ModelFetcher(ModelCache cache, HubClient hub, IPinningObserver? observer, Func<string, long> freeBytes)
{
    /// <summary>The files, every one of which is a blob then.</summary>
    public async Task<IReadOnlyList<LockedFile>> FetchAsync(ModelPlan plan, CancellationToken cancellation)
    {
        var files = new LockedFile?[plan.Files.Count];
        var missing = new List<(int Index, WantedFile Wanted, HubFile File)>();
        foreach (var (index, wanted) in plan.Files.Index())
        {
            files[index] = await FindAsync(wanted, wanted.Sha256, cancellation);
            if (files[index] is not null)
                continue;
            var file = await DescribeAsync(plan, wanted, cancellation);
            files[index] = await FindAsync(wanted, file.Digest is { Algorithm: BlobAlgorithm.Sha256 } digest ? digest.Hex : null, cancellation);
            if (files[index] is null)
                missing.Add((index, wanted, file));
        }

        var total = missing.Sum(item => item.File.Bytes);
        var before = missing.Sum(item => PartBytes(item.File));
        CacheDisk.CheckRoom(plan.Name, total - before, cache.Directory, freeBytes);
        long done = 0;
        foreach (var (index, wanted, file) in missing)
        {
            observer?.Progressed(new(plan.Name, done + PartBytes(file), total, before));
            files[index] = await DownloadAsync(wanted, file, bytes => observer?.Progressed(new(plan.Name, done + bytes, total, before)), cancellation);
            done += file.Bytes;
        }

        return [.. files.Select(file => file!)];
    }

    private async Task<LockedFile?> FindAsync(WantedFile wanted, string? sha256, CancellationToken cancellation) =>
        sha256 is not null && await cache.HasBlobAsync(sha256, cancellation)
            ? new(wanted.Role, wanted.Path, sha256, new FileInfo(cache.BlobOf(sha256)).Length)
            : null;

    private async Task<HubFile> DescribeAsync(ModelPlan plan, WantedFile wanted, CancellationToken cancellation)
    {
        if (plan.Repository is null)
        {
            throw new PinningException(PinningFailure.NotFound,
                $"'{plan.Name}' is locked with source {plan.Source}, and its file {wanted.Path} (SHA-256 {wanted.Sha256}) is not in the cache {cache.Directory}. "
                + "Run `driftguard models add DIR` with the folder that it comes from.");
        }

        var file = await hub.FileAsync(plan.Repository, plan.Revision, wanted.Path, cancellation);
        if (wanted.Sha256 is { } pinned && file.Digest is { Algorithm: BlobAlgorithm.Sha256 } digest && digest.Hex != pinned)
            throw Refused(file, $"expected SHA-256 {pinned}, found {digest.Hex}");
        if (wanted.Bytes is { } bytes && bytes != file.Bytes)
            throw Refused(file, $"expected {bytes:N0} bytes, found {file.Bytes:N0}");
        return wanted.Sha256 is null && file.Digest is null
            ? throw new PinningException(PinningFailure.Refused, $"the hub says no digest of {file.Label} (X-Linked-Etag or ETag), and none is pinned: what comes could not be checked.")
            : file;
    }

    private static PinningException Refused(HubFile file, string difference) => new(PinningFailure.Refused,
        $"{file.Label} is not what is pinned: {difference}. Nothing was downloaded. A commit's files do not change; ask why they did before you pin others.");

    private async Task<LockedFile> DownloadAsync(WantedFile wanted, HubFile file, Action<long> progress, CancellationToken cancellation)
    {
        var part = cache.PartOf(file);
        var expected = wanted.Sha256 is { } pinned ? new BlobDigest(BlobAlgorithm.Sha256, pinned) : null;
        var names = await hub.DownloadAsync(file, part, expected, progress, cancellation);
        cache.Keep(part, names.Sha256);
        return new(wanted.Role, wanted.Path, names.Sha256, names.Bytes);
    }

    private long PartBytes(HubFile file) => new FileInfo(cache.PartOf(file)) is { Exists: true, Length: var length } ? length : 0;
}
