using DriftGuard.Embedding.Specs;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DriftGuard.Embedding.Pinning;

/// <summary>
/// A <c>model.yaml</c> as keys and values, apart from what they mean: the files, and everything else. What it means is read by
/// <see cref="ModelSpecFile"/>.
/// </summary>
/// <param name="Spec">The keys but <c>files</c>.</param>
/// <param name="Files">The files, in the order of the document; several have one role where that is a list.</param>
internal sealed record ModelYaml(YamlMappingNode Spec, IReadOnlyList<ModelYamlFile> Files)
{
    private const string FilesKey = "files";

    public string Name => (Value("name") ?? "") is { Length: > 0 } name ? name : "?";

    public string? Value(string key) => (Spec.Children.TryGetValue(new YamlScalarNode(key), out var node) ? node as YamlScalarNode : null)?.Value;

    /// <summary>Reads the file of a model's folder.</summary>
    /// <exception cref="PinningException">It is not YAML, or its files have no paths or digests.</exception>
    public static ModelYaml Read(string directory)
    {
        var file = Path.Combine(directory, ModelSpecFile.Name);
        var document = YamlKeys.Parse(File.ReadAllText(file), file);
        var files = document.OptionalMapping(FilesKey) is { } mapping
            ? FilesOf(mapping, (role, entry) => new ModelYamlFile(role, ModelFileNames.CheckPath(entry.Text("path")), entry.Sha256(entry.Text("sha256"))))
            : [];
        return new(Without(document.Node, FilesKey), files);
    }

    /// <summary>The entries of a <c>files</c> mapping: <c>role: {…}</c>, or <c>role: [{…}, …]</c> where a role has several.</summary>
    public static IReadOnlyList<T> FilesOf<T>(YamlKeys files, Func<string, YamlKeys, T> read) =>
    [
        .. files.Node.Children.SelectMany(entry => (entry.Value is YamlSequenceNode list ? list.Children : [entry.Value])
            .Select(item => read(((YamlScalarNode)entry.Key).Value ?? "", files.At(item)))),
    ];

    /// <summary>The spec with a value in place of another, or added after the key <paramref name="after"/>.</summary>
    public static YamlMappingNode With(YamlMappingNode spec, string key, YamlNode value, string after)
    {
        var result = new YamlMappingNode();
        var present = spec.Children.ContainsKey(new YamlScalarNode(key));
        foreach (var (name, node) in spec.Children)
        {
            var text = (name as YamlScalarNode)?.Value;
            result.Add(name, text == key ? value : node);
            if (!present && text == after)
                result.Add(key, value);
        }

        return result;
    }

    public static YamlMappingNode Without(YamlMappingNode mapping, string key) =>
        new(mapping.Children.Where(entry => (entry.Key as YamlScalarNode)?.Value != key));

    /// <summary>The text of the file.</summary>
    /// <param name="origin">Where the model comes from, for its comment.</param>
    public string Text(string origin)
    {
        var whole = new YamlMappingNode(Spec.Children);
        if (Files.Count > 0)
        {
            var files = new YamlMappingNode();
            foreach (var role in Files.GroupBy(file => file.Role, StringComparer.Ordinal))
            {
                // Only weights come in parts; the spec's reader knows them as a list even where there is one.
                files.Add(role.Key, role.Key == ListRole ? new YamlSequenceNode(role.Select(Node)) : Node(role.Single()));
            }

            whole.Add(FilesKey, files);
        }

        return $"# Made by `driftguard models pull` from {origin}; the lock file pins it.\n{YamlKeys.Write(whole)}";
    }

    private const string ListRole = "weights";

    private static YamlNode Node(ModelYamlFile file) => new YamlMappingNode(
        new YamlScalarNode("path"), Quoted(file.Path), new YamlScalarNode("sha256"), Quoted(file.Sha256));

    private static YamlScalarNode Quoted(string text) => new(text) { Style = ScalarStyle.DoubleQuoted };
}

/// <summary>A file as <c>model.yaml</c> names it.</summary>
/// <param name="Role">The key it stands under.</param>
/// <param name="Path">Its place in the folder, with '/'.</param>
/// <param name="Sha256">64 lower-case hex digits.</param>
internal sealed record ModelYamlFile(string Role, string Path, string Sha256);
