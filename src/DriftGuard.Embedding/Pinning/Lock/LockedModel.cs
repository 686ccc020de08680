using DriftGuard.Core.Embedding;
using YamlDotNet.RepresentationModel;

namespace DriftGuard.Embedding.Pinning.Lock;

/// <summary>One model of a deployment, down to the bytes. Enough to make its folder again.</summary>
public sealed record LockedModel
{
    /// <summary>The source of a model that is behind an API.</summary>
    public const string Api = "api";

    private const string HubPrefix = "hub:";
    private const string FolderPrefix = "folder:";

    /// <summary>What configuration calls it.</summary>
    public required string Name { get; init; }

    /// <summary>The identity of its spec and files.</summary>
    public required Fingerprint Fingerprint { get; init; }

    /// <summary>Who computes its vectors.</summary>
    public required string Provider { get; init; }

    /// <summary>The publisher's name of it.</summary>
    public required string Model { get; init; }

    /// <summary>The commit of the repository, or what its spec says; empty where there is none.</summary>
    public required string Revision { get; init; }

    /// <summary>Where it comes from: <c>hub:owner/name</c>, <c>folder:name</c> or <see cref="Api"/>.</summary>
    public required string Source { get; init; }

    /// <summary>The page that describes it; null for a model of one's own.</summary>
    public string? Card { get; init; }

    /// <summary>Its files.</summary>
    public IReadOnlyList<LockedFile> Files { get; init; } = [];

    /// <summary>The keys of its <c>model.yaml</c> but <c>files</c>.</summary>
    internal YamlMappingNode Spec { get; init; } = [];

    /// <summary>The repository on a hub; null where it does not come from one.</summary>
    public string? Repository => Source.StartsWith(HubPrefix, StringComparison.Ordinal) ? Source[HubPrefix.Length..] : null;

    internal static string OfHub(string repository) => HubPrefix + repository;

    internal static string OfFolder(string directory) => FolderPrefix + Path.GetFileName(Path.TrimEndingDirectorySeparator(directory));
}

/// <summary>A file of a locked model.</summary>
/// <param name="Role">What it is for.</param>
/// <param name="Path">Its place in the model's folder, with '/'.</param>
/// <param name="Sha256">64 lower-case hex digits.</param>
/// <param name="Bytes">Its length.</param>
public sealed record LockedFile(string Role, string Path, string Sha256, long Bytes);
