using DriftGuard.Core.Embedding;

namespace DriftGuard.Testing.Models;

/// <summary>Writes model folders of models that are asked over HTTP.</summary>
public static class ProviderFolder
{
    /// <summary>Writes a folder whose model is asked of a server of the test.</summary>
    /// <param name="directory">The folder; made where it is missing.</param>
    /// <param name="provider">The server.</param>
    /// <param name="dimensions">Length of its vectors.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="kind"><see cref="ModelSpec.OpenAIProvider"/> or <see cref="ModelSpec.TeiProvider"/>.</param>
    /// <param name="settings">Further lines of the spec, e.g. prefixes.</param>
    /// <param name="endpoint">Further lines of the section <c>endpoint</c>, e.g. <c>retries: 0</c>.</param>
    /// <returns>The copy, for further edits.</returns>
    public static ModelCopy Write(
        string directory, SwitchableProvider provider, int dimensions, string name = "remote", string kind = ModelSpec.OpenAIProvider,
        string settings = "", string endpoint = "")
    {
        Directory.CreateDirectory(directory);
        var indented = string.Concat(endpoint.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"\n  {line}"));
        File.WriteAllText(Path.Combine(directory, ModelCopy.SpecName), $"""
            name: {name}
            provider: {kind}
            model: {provider.ModelName}
            dimensions: {dimensions}
            max_tokens: 512
            {settings}
            endpoint:
              url: {(kind == ModelSpec.OpenAIProvider ? provider.OpenAIUrl : provider.Url)}{indented}
            """);
        return ModelCopy.In(directory);
    }
}
