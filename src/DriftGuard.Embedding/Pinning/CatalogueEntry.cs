using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace DriftGuard.Embedding.Pinning;

/// <summary>A model that can be pulled by its name.</summary>
public sealed class CatalogueEntry
{
    private CatalogueEntry(string name, string card, string licence, YamlMappingNode spec, HubSource? hub) =>
        (Name, Card, Licence, Spec, Hub) = (name, card, licence, spec, hub);

    /// <summary>What configuration calls it.</summary>
    public string Name { get; }

    /// <summary>The address of the page that describes it.</summary>
    public string Card { get; }

    /// <summary>The licence of its weights, or of its service.</summary>
    public string Licence { get; }

    /// <summary>Who computes its vectors, as in <c>model.yaml</c>.</summary>
    public string Provider => Value("provider");

    /// <summary>The publisher's name of it.</summary>
    public string Model => Value("model");

    /// <summary>Length of its vectors, as the entry states it.</summary>
    public string Dimensions => Value("dimensions");

    /// <summary>The keys of its <c>model.yaml</c> but <c>files</c>.</summary>
    internal YamlMappingNode Spec { get; }

    /// <summary>Where its files are; null for a model behind an API.</summary>
    internal HubSource? Hub { get; }

    /// <summary>Reads an entry.</summary>
    /// <exception cref="PinningException">It is malformed.</exception>
    internal static CatalogueEntry Parse(string yaml, string file)
    {
        var entry = YamlKeys.Parse(yaml, file);
        entry.RefuseKeysBut("card", "licence", "hub", "spec", "endpoint");
        var spec = entry.Mapping("spec");
        foreach (var key in (string[])["name", "provider", "model", "dimensions"])
            spec.Text(key);
        var node = ModelYaml.Without(spec.Node, "files");
        if (entry.Find("endpoint") is { } endpoint)
            node.Add("endpoint", endpoint);
        var hub = entry.OptionalMapping("hub") is { } source ? ReadHub(source) : null;
        return new(ModelFileNames.CheckModelName(spec.Text("name")), entry.Text("card"), entry.Text("licence"), node, hub);
    }

    private static HubSource ReadHub(YamlKeys hub)
    {
        hub.RefuseKeysBut("repository", "revision", "files");
        var files = ModelYaml.FilesOf(hub.Mapping("files"), static (role, file) =>
        {
            file.RefuseKeysBut("path", "sha256", "bytes");
            return new WantedFile(role, ModelFileNames.CheckPath(file.Text("path")), file.Sha256(file.OptionalText("sha256")), null);
        });
        ModelFileNames.CheckTogether(files.Select(file => file.Path));
        return new(HubSource.CheckRepository(hub.Text("repository")), hub.OptionalText("revision"), files);
    }

    private string Value(string key) => ((YamlScalarNode)Spec.Children[new YamlScalarNode(key)]).Value ?? "";
}

/// <summary>Files of one repository of a hub.</summary>
/// <param name="Repository"><c>owner/name</c>.</param>
/// <param name="Revision">A commit, tag or branch; null for the newest.</param>
/// <param name="Files">The files.</param>
internal sealed partial record HubSource(string Repository, string? Revision, IReadOnlyList<WantedFile> Files)
{
    /// <summary>The branch that holds the newest commit.</summary>
    public const string Newest = "main";

    /// <exception cref="PinningException">It cannot be the name of a repository.</exception>
    public static string CheckRepository(string repository) => Name().IsMatch(repository) && !repository.Contains("..", StringComparison.Ordinal)
        ? repository
        : throw new PinningException(PinningFailure.Invalid, $"'{repository}' cannot be a repository: expected owner/name.");

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}

/// <summary>A file that is to be fetched.</summary>
/// <param name="Role">What it is for.</param>
/// <param name="Path">Its path in the repository, and in the model's folder.</param>
/// <param name="Sha256">What its bytes must be, where that is pinned.</param>
/// <param name="Bytes">Its length, where that is pinned.</param>
internal sealed record WantedFile(string Role, string Path, string? Sha256, long? Bytes);
