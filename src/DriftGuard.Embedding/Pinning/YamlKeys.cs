using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using DriftGuard.Core.Text;
using YamlDotNet.RepresentationModel;

namespace DriftGuard.Embedding.Pinning;

/// <summary>One mapping of a YAML file whose first mistake is an error that names its line.</summary>
/// <param name="File">The file, for messages.</param>
/// <param name="Node">The mapping.</param>
internal sealed record YamlKeys(string File, YamlMappingNode Node)
{
    /// <exception cref="PinningException">It is not one YAML mapping.</exception>
    public static YamlKeys Parse(string yaml, string file)
    {
        try
        {
            return new(file, YamlText.ParseMapping(yaml));
        }
        catch (YamlTextException e)
        {
            throw new PinningException(PinningFailure.Invalid, new ModelProblem(file, e.Line, $"not YAML: {e.Message}.").ToString(), e);
        }
    }

    /// <summary>The text of a document with this mapping, without a comment.</summary>
    public static string Write(YamlMappingNode node)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(node)).Save(text, assignAnchors: false);
        var yaml = text.ToString().ReplaceLineEndings("\n");
        return yaml.EndsWith("\n...\n", StringComparison.Ordinal) ? yaml[..^4] : yaml;
    }

    public YamlKeys At(YamlNode node) => node is YamlMappingNode mapping
        ? new(File, mapping)
        : throw Error(node, "must be a mapping of keys and values.");

    public string Text(string key) => OptionalText(key) is { Length: > 0 } text ? text : throw Error(Node, $"'{key}' is missing or empty.");

    public string? OptionalText(string key) => Find(key) switch
    {
        null => null,
        YamlScalarNode scalar => scalar.Value,
        var other => throw Error(other, $"'{key}' must be a single value."),
    };

    public YamlKeys Mapping(string key) => OptionalMapping(key) ?? throw Error(Node, $"'{key}' is missing.");

    public YamlKeys? OptionalMapping(string key) => Find(key) is { } node ? At(node) : null;

    public IReadOnlyList<YamlKeys> Mappings(string key) => Find(key) switch
    {
        null => [],
        YamlSequenceNode sequence => [.. sequence.Children.Select(At)],
        var other => throw Error(other, $"'{key}' must be a list."),
    };

    public YamlNode? Find(string key) => Node.Children.TryGetValue(new YamlScalarNode(key), out var node) ? node : null;

    public void RefuseKeysBut(params ReadOnlySpan<string> known)
    {
        foreach (var node in Node.Children.Keys)
        {
            var key = (node as YamlScalarNode)?.Value ?? node.ToString();
            if (!known.Contains(key))
            {
                throw Error(node, NearestName.Find(key, known.ToArray()) is { } meant
                    ? $"unknown key '{key}': did you mean '{meant}'?"
                    : $"unknown key '{key}': known are {string.Join(", ", known.ToArray())}.");
            }
        }
    }

    public PinningException Error(YamlNode node, string message) =>
        new(PinningFailure.Invalid, $"{File}:{node.Start.Line.ToString(CultureInfo.InvariantCulture)}: {message}");

    [return: NotNullIfNotNull(nameof(digest))]
    public string? Sha256(string? digest) => digest is null || (digest.Length == 64 && digest.All(char.IsAsciiHexDigit))
        ? digest?.ToLowerInvariant()
        : throw Error(Node, $"sha256 is '{digest}': expected 64 hex digits.");
}
