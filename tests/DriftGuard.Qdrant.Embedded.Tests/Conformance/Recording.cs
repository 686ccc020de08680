using System.Text.Json;
using System.Text.Json.Nodes;

namespace DriftGuard.Qdrant.Embedded.Tests.Conformance;

/// <summary>One request and what Qdrant 1.18.3 answered to it.</summary>
internal sealed record RecordedStep(string Method, byte[] Request, string RequestJson, string Code, string Message, byte[]? Response);

/// <summary>A recorded conversation, from <c>Recorded/</c>.</summary>
internal static class Recording
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Recorded");

    public static IEnumerable<string> Names() =>
        Directory.EnumerateFiles(Folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    public static IReadOnlyList<RecordedStep> Load(string name)
    {
        using var file = File.OpenRead(Path.Combine(Folder, $"{name}.json"));
        return [.. JsonNode.Parse(file)!["steps"]!.AsArray().Select(step => Read(step!))];
    }

    private static RecordedStep Read(JsonNode step) => new(
        (string)step["method"]!,
        Convert.FromBase64String((string)step["request_bytes"]!),
        step["request"]!.ToJsonString(new JsonSerializerOptions { WriteIndented = false }),
        ((string)step["status"]!["code"]!).Replace("_", "", StringComparison.Ordinal),
        (string?)step["status"]!["message"] ?? "",
        step["response_bytes"] is { } response ? Convert.FromBase64String((string)response!) : null);
}
