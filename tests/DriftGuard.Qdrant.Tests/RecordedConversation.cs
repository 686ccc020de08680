using System.Text.Json;
using Grpc.Core;

namespace DriftGuard.Qdrant.Tests;

/// <summary>One step of a conversation that was recorded with a real Qdrant.</summary>
internal sealed record RecordedStep(string Method, string Note, byte[] Request, StatusCode Code, string Message, byte[] Response);

/// <summary>Reads the recorded conversations; see <c>Recorded/README.md</c>.</summary>
internal static class RecordedConversation
{
    public static IReadOnlyList<RecordedStep> Read(string version, string name)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Recorded", version, name + ".json"));
        using var json = JsonDocument.Parse(file);
        return [.. json.RootElement.GetProperty("steps").EnumerateArray().Select(ReadStep)];
    }

    private static RecordedStep ReadStep(JsonElement step)
    {
        var status = step.GetProperty("status");
        return new RecordedStep(
            step.GetProperty("method").GetString()!.Replace("/qdrant.", "", StringComparison.Ordinal),
            step.TryGetProperty("note", out var note) ? note.GetString()! : "",
            step.GetProperty("request_bytes").GetBytesFromBase64(),
            Enum.Parse<StatusCode>(status.GetProperty("code").GetString()!.Replace("_", "", StringComparison.Ordinal), ignoreCase: true),
            status.TryGetProperty("message", out var message) ? message.GetString()! : "",
            step.TryGetProperty("response_bytes", out var response) ? response.GetBytesFromBase64() : []);
    }
}
