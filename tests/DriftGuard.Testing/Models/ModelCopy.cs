using System.Security.Cryptography;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DriftGuard.Testing.Models;

/// <summary>
/// A copy of a model folder whose <c>model.yaml</c> or files really say something else, to cause a change that is to be found. Each edit is
/// written at once.
/// </summary>
public sealed class ModelCopy
{
    internal const string SpecName = "model.yaml";

    private ModelCopy(string directory) => Directory = directory;

    /// <summary>The folder of the copy.</summary>
    public string Directory { get; }

    /// <summary>Its <c>model.yaml</c>.</summary>
    public string SpecFile => Path.Combine(Directory, SpecName);

    /// <summary>Copies the files of a folder, without those below it.</summary>
    /// <param name="sourceDirectory">A folder with <c>model.yaml</c>.</param>
    /// <param name="targetDirectory">The folder of the copy; made where it is missing.</param>
    public static ModelCopy Of(string sourceDirectory, string targetDirectory)
    {
        System.IO.Directory.CreateDirectory(targetDirectory);
        foreach (var file in System.IO.Directory.EnumerateFiles(sourceDirectory))
            Replace(Path.Combine(targetDirectory, Path.GetFileName(file)), File.ReadAllBytes(file));
        return new(targetDirectory);
    }

    /// <summary>A folder that was made for the test already.</summary>
    /// <param name="directory">A folder with <c>model.yaml</c>.</param>
    public static ModelCopy In(string directory) => new(directory);

    /// <summary>A folder of e5-small-v2 from its files, which have no <c>model.yaml</c> of their own.</summary>
    /// <param name="filesDirectory">A folder with <c>model.onnx</c> and <c>vocab.txt</c>.</param>
    /// <param name="targetDirectory">The folder of the copy; made where it is missing.</param>
    public static ModelCopy OfE5(string filesDirectory, string targetDirectory)
    {
        System.IO.Directory.CreateDirectory(targetDirectory);
        foreach (var file in new[] { "model.onnx", "vocab.txt" })
            Replace(Path.Combine(targetDirectory, file), File.ReadAllBytes(Path.Combine(filesDirectory, file)));
        File.WriteAllText(Path.Combine(targetDirectory, SpecName), $$"""
            name: e5-small-v2-int8
            provider: onnx
            model: intfloat/e5-small-v2
            files:
              graph: { path: model.onnx, sha256: {{DigestOf(Path.Combine(targetDirectory, "model.onnx"))}} }
              vocabulary: { path: vocab.txt, sha256: {{DigestOf(Path.Combine(targetDirectory, "vocab.txt"))}} }
            tokenizer: { kind: wordpiece }
            prefixes: { query: 'query: ', document: 'passage: ' }
            dimensions: 384
            max_tokens: 512
            """);
        return new(targetDirectory);
    }

    /// <summary>States a value in the copy's <c>model.yaml</c>.</summary>
    /// <param name="key">Its key, mappings by dots, e.g. <c>pooling</c> or <c>prefixes.query</c>; made where it is missing.</param>
    /// <param name="value">The value, blanks included.</param>
    public ModelCopy With(string key, string value) => Edit(root =>
    {
        var path = key.Split('.');
        var mapping = root;
        foreach (var name in path[..^1])
        {
            if (!mapping.Children.TryGetValue(new YamlScalarNode(name), out var child))
                mapping.Add(name, child = new YamlMappingNode());
            mapping = (YamlMappingNode)child;
        }

        // Words and numbers are plain; what has blanks at its ends is not the same without quotes.
        mapping.Children[new YamlScalarNode(path[^1])] = new YamlScalarNode(value) { Style = value == value.Trim() && value.Length > 0 ? ScalarStyle.Any : ScalarStyle.DoubleQuoted };
    });

    /// <summary>Takes a key of the top level out of the copy's <c>model.yaml</c>.</summary>
    public ModelCopy Without(string key) => Edit(root => root.Children.Remove(new YamlScalarNode(key)));

    /// <summary>Puts another graph in place of the copy's, and its digest into <c>model.yaml</c>.</summary>
    /// <param name="write">Writes a graph made from the one at the first path to the second, e.g. <see cref="FloatTwin.Write"/>.</param>
    public ModelCopy WithGraph(Action<string, string> write)
    {
        var graph = Path.Combine(Directory, "model.onnx");
        var rewritten = graph + ".new";
        write(graph, rewritten);
        File.Move(rewritten, graph, overwrite: true);
        return With("files.graph.sha256", DigestOf(graph));
    }

    private static string DigestOf(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Not by copying, which would keep a source write-protected.</summary>
    private static void Replace(string file, byte[] bytes)
    {
        File.Delete(file);
        File.WriteAllBytes(file, bytes);
    }

    private ModelCopy Edit(Action<YamlMappingNode> edit)
    {
        var yaml = new YamlStream();
        using (var reader = new StringReader(File.ReadAllText(SpecFile)))
            yaml.Load(reader);
        edit((YamlMappingNode)yaml.Documents[0].RootNode);
        using var writer = new StringWriter();
        yaml.Save(writer, assignAnchors: false);
        File.WriteAllText(SpecFile, writer.ToString());
        return this;
    }
}
