using DriftGuard.Embedding.Pinning.Cache;

namespace DriftGuard.Embedding.Pinning;

/// <summary>Where models come from, where they are kept, and where it is written down which ones.</summary>
public sealed record PinningOptions
{
    /// <summary>The hub that is asked unless said otherwise.</summary>
    public const string DefaultHub = "https://huggingface.co";

    /// <summary>The folder of the cache; it is created.</summary>
    public required string CacheDirectory { get; init; }

    /// <summary>The lock file; null: nothing is locked.</summary>
    public string? LockFile { get; init; }

    /// <summary>The hub's address.</summary>
    public Uri Hub { get; init; } = new(DefaultHub);

    /// <summary>Sent to the hub and to nobody else; null for public repositories.</summary>
    public string? Token { get; init; }

    /// <summary>Other folders that are searched for models, with those that come with DriftGuard.</summary>
    public IReadOnlyList<string> OtherRoots { get; init; } = [];

    /// <summary>The root of the models in a cache, for a search path.</summary>
    public static string ModelsOf(string cacheDirectory) => ModelCache.ModelsOf(cacheDirectory);
}

/// <summary>What is wanted of a pull.</summary>
public sealed record PullRequest
{
    /// <summary>A commit, branch or tag in place of the one that the lock file or the catalogue pins.</summary>
    public string? Revision { get; init; }

    /// <summary>What the lock file pins is left: the catalogue's revision is taken, or the newest where that pins none.</summary>
    public bool Update { get; init; }

    /// <summary>Another model of the name is replaced.</summary>
    public bool Replace { get; init; }

    internal bool MayReplace => Replace || Update;
}

/// <summary>How far a pull has come.</summary>
/// <param name="Model">The model.</param>
/// <param name="Bytes">Bytes that are there.</param>
/// <param name="Total">Bytes that are to be fetched, with those of earlier runs.</param>
/// <param name="Before">Bytes of earlier runs.</param>
public readonly record struct PullProgress(string Model, long Bytes, long Total, long Before);

/// <summary>Is told what happens during a pull.</summary>
public interface IPinningObserver
{
    /// <summary>Another process changes the cache; this one waits for it.</summary>
    void Waiting(string cacheDirectory);

    /// <summary>Bytes came. Called often.</summary>
    void Progressed(PullProgress progress);
}

/// <summary>A model that is there, as it is locked.</summary>
/// <param name="Model">What is locked.</param>
/// <param name="Directory">Its folder.</param>
/// <param name="Changed">Whether its folder was made, or made anew.</param>
public sealed record PinnedModel(Lock.LockedModel Model, string Directory, bool Changed);
