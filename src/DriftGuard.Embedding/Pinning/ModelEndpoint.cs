using DriftGuard.Embedding.Specs;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DriftGuard.Embedding.Pinning;

/// <summary>The section <c>endpoint</c> of a model of one's own, where it is to go into a lock file that others read.</summary>
internal static class ModelEndpoint
{
    private const string Section = "endpoint";
    private const string KeyFile = "api_key_file";

    // The one parameter that services are known to want, and it is no secret.
    private const string ApiVersion = "api-version";

    /// <summary>Refuses values that may be secrets: nobody can tell a gateway's key from another header.</summary>
    /// <param name="spec">The keys of the model.</param>
    /// <param name="file">Its file, for messages.</param>
    /// <exception cref="PinningException">There is one. The message names its key, not its value.</exception>
    public static void RefuseSecrets(YamlMappingNode spec, string file)
    {
        if (new YamlKeys(file, spec).OptionalMapping(Section) is not { } endpoint)
            return;
        Refuse(endpoint, "headers", "no headers", static _ => false);
        Refuse(endpoint, "query", $"no parameter but {ApiVersion}", static key => key == ApiVersion);
    }

    /// <summary>
    /// The spec with the whole path of its key's file. Relative, it is meant from the model's folder, and the key stays there: only what
    /// the spec pins is copied.
    /// </summary>
    public static YamlMappingNode WithWholeKeyFile(YamlMappingNode spec, string directory)
    {
        var file = Path.Join(directory, ModelSpecFile.Name);
        if (new YamlKeys(file, spec).OptionalMapping(Section) is not { } endpoint
            || endpoint.OptionalText(KeyFile) is not { Length: > 0 } keyFile
            || Path.GetFullPath(keyFile, directory) is var whole && whole == keyFile)
        {
            return spec;
        }

        var path = new YamlScalarNode(whole) { Style = ScalarStyle.DoubleQuoted };
        return ModelYaml.With(spec, Section, ModelYaml.With(endpoint.Node, KeyFile, path, after: KeyFile), after: Section);
    }

    private static void Refuse(YamlKeys endpoint, string section, string expected, Func<string?, bool> isHarmless)
    {
        if (endpoint.OptionalMapping(section)?.Node.Children.Keys.FirstOrDefault(key => !isHarmless((key as YamlScalarNode)?.Value)) is { } found)
        {
            throw endpoint.Error(found, $"{Section}.{section}.{found} would stand in the lock file in clear text, and may be a secret: expected {expected}. "
                + "Give a key with api_key_file or api_key_env, and the name of its header with api_key_header.");
        }
    }
}
