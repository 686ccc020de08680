using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DriftGuard.Embedding.Specs;

/// <summary>Files that are one YAML document of keys and values.</summary>
internal static class YamlDocuments
{
    /// <summary>The document's mapping.</summary>
    /// <exception cref="YamlDocumentException">It is not one; says where.</exception>
    public static YamlMappingNode Parse(string yaml)
    {
        var stream = new YamlStream();
        try
        {
            using var reader = new StringReader(yaml);
            stream.Load(reader);
        }
        catch (YamlException e)
        {
            throw new YamlDocumentException(checked((int)e.Start.Line), $"not YAML: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            // YamlDotNet 18.1.0 throws this, without a place, on some files that are not YAML, e.g. an unclosed brace.
            throw new YamlDocumentException(null, "not YAML; look for a brace, bracket or quote that is not closed.", e);
        }

        return stream.Documents is [{ RootNode: YamlMappingNode root }]
            ? root
            : throw new YamlDocumentException(1, "must be one YAML document with keys and values.");
    }
}

/// <summary>A file that is not one YAML document of keys and values.</summary>
/// <param name="line">Its line from 1, where there is one.</param>
/// <param name="message">What is wrong.</param>
/// <param name="cause">What the reader said.</param>
internal sealed class YamlDocumentException(int? line, string message, Exception? cause = null) : Exception(message, cause)
{
    public int? Line => line;
}
