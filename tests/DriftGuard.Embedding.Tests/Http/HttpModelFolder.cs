using DriftGuard.Core.Embedding;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Embedding.Tests.Http;

/// <summary>A folder of a model that is asked over HTTP, at a server of the test.</summary>
internal sealed class HttpModelFolder : IDisposable
{
    public HttpModelFolder() => System.IO.Directory.CreateDirectory(Directory);

    public string Directory { get; } = Path.Combine(Path.GetTempPath(), $"driftguard-http-{Guid.NewGuid():N}");

    public ImpatientTime Time { get; } = new();

    public RecordingLogs Logs { get; } = new();

    /// <summary>Writes model.yaml of a provider's usual model.</summary>
    /// <param name="url">The server.</param>
    /// <param name="provider">Its kind.</param>
    /// <param name="endpoint">Lines of the endpoint besides its address.</param>
    /// <param name="settings">Lines of the spec in place of the usual dimensions and token limit.</param>
    public HttpModelFolder Write(string url, string provider = "openai", string endpoint = "", string? settings = null)
    {
        var indented = string.Concat(endpoint.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"\n  {line}"));
        File.WriteAllText(Path.Combine(Directory, "model.yaml"), $$"""
            name: remote
            provider: {{provider}}
            model: tests/remote
            {{settings ?? "dimensions: 8\nmax_tokens: 512"}}
            {{(provider == "cohere" ? "input_types: { query: search_query, document: search_document }" : "")}}
            endpoint:
              url: {{url}}
              timeout: 20m{{indented}}
            """);
        return this;
    }

    public EmbeddingModel Open(TimeProvider? time = null, IReadOnlyList<ProviderIdentity>? known = null, ILoggerFactory? logs = null) =>
        EmbeddingModel.Open(Directory, new() { Time = time ?? Time, Logs = logs ?? Logs, KnownIdentities = known ?? [] });

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
