using System.Text.Json;

namespace DriftGuard.Embedding.Onnx;

/// <summary>
/// Which provider ran how many nodes of a graph. The runtime moves what a provider cannot do to the processor without a word; its
/// profile of a run is where it tells.
/// </summary>
internal static class NodePlacement
{
    /// <summary>Nodes that ran in a profile, by the provider that ran them, most nodes first, e.g. <c>cuda 180, cpu 4</c>.</summary>
    /// <param name="profile">The file that the runtime wrote: trace events as JSON.</param>
    /// <exception cref="InvalidDataException">It is no such file.</exception>
    public static string Describe(string profile)
    {
        try
        {
            using var stream = File.OpenRead(profile);
            using var events = JsonDocument.Parse(stream);
            var nodes = new HashSet<(string Provider, string Node)>();
            foreach (var entry in events.RootElement.EnumerateArray())
            {
                if (entry.TryGetProperty("args", out var arguments) && arguments.ValueKind == JsonValueKind.Object
                    && arguments.TryGetProperty("provider", out var provider) && entry.TryGetProperty("name", out var name))
                {
                    nodes.Add((ExecutionProviders.ShortNameOf(provider.GetString()!), name.GetString()!));
                }
            }

            return string.Join(", ", nodes.GroupBy(n => n.Provider, StringComparer.Ordinal).OrderByDescending(g => g.Count()).Select(g => $"{g.Key} {g.Count()}"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{profile} is no profile of the ONNX runtime: {e.Message}", e);
        }
    }
}
