namespace DriftGuard.Embedding.Pinning.Hub;

/// <summary>What a hub says about a file of a commit, before it is downloaded.</summary>
/// <param name="Repository"><c>owner/name</c>.</param>
/// <param name="Commit">The commit.</param>
/// <param name="Path">Its path in the repository.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Digest">What its bytes are digested to; null where the hub says nothing that can be checked.</param>
internal sealed record HubFile(string Repository, string Commit, string Path, long Bytes, BlobDigest? Digest)
{
    /// <summary>How it is called in messages.</summary>
    public string Label => $"{Repository}/{Path} at {Commit[..Math.Min(8, Commit.Length)]}";
}
