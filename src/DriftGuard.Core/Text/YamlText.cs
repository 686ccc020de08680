using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DriftGuard.Core.Text;

/// <summary>Reads YAML that people write, as nodes that know their lines.</summary>
public static class YamlText
{
    /// <summary>The documents of a text, none if there is nothing in it. They are no deeper than <see cref="BoundedYaml.Deepest"/> and hold no node within itself.</summary>
    /// <exception cref="YamlTextException">It cannot be read; says why and, where it is known, where.</exception>
    public static IReadOnlyList<YamlDocument> Parse(string yaml)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        var stream = new YamlStream();
        try
        {
            using var reader = new StringReader(yaml.TrimStart('\uFEFF'));
            stream.Load(new BoundedYaml(new Parser(reader)));
        }
        catch (YamlException malformed)
        {
            throw new YamlTextException(malformed.InnerException?.Message ?? malformed.Message, checked((int)malformed.Start.Line), checked((int)malformed.Start.Column), malformed);
        }
        catch (Exception malformed) when (malformed is InvalidOperationException or ArgumentException)
        {
            // What YamlDotNet 18.1.0 throws, without a place, where something begins and does not end as it must.
            throw new YamlTextException("something in it begins or ends where it must not, such as a bracket, brace or quote that is not closed", null, null, malformed);
        }

        return [.. stream.Documents];
    }

    /// <summary>The mapping that a text is.</summary>
    /// <exception cref="YamlTextException">It cannot be read, or is something else than one document of keys and values.</exception>
    public static YamlMappingNode ParseMapping(string yaml) => Parse(yaml) is [{ RootNode: YamlMappingNode root }]
        ? root
        : throw new YamlTextException("expected one document of keys and values", 1, 1);
}

/// <summary>A text that cannot be read as YAML.</summary>
/// <param name="reason">Why, without a place.</param>
/// <param name="line">Its line from 1, where it is known.</param>
/// <param name="column">Its column from 1, where it is known.</param>
/// <param name="cause">What the reader said.</param>
public sealed class YamlTextException(string reason, int? line, int? column, Exception? cause = null) : Exception(reason, cause)
{
    /// <summary>The line from 1, where it is known.</summary>
    public int? Line { get; } = line;

    /// <summary>The column from 1, where it is known.</summary>
    public int? Column { get; } = column;
}
