using System.Text.Json;

namespace DriftGuard.Dashboard.Asking;

/// <summary>The API refuses what the page asked on behalf of whoever looks at it.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="detail">What the API says, for people.</param>
internal sealed class ApiRefusedException(int status, string detail) : Exception(detail)
{
    /// <summary>The HTTP status.</summary>
    public int Status => status;

    /// <summary>What problem details say.</summary>
    public static ApiRefusedException Of(int status, ReadOnlyMemory<byte> problem)
    {
        try
        {
            using var json = JsonDocument.Parse(problem);
            return new(status, json.RootElement.GetProperty("detail").GetString() ?? "");
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new(status, $"the API answers with status {status}");
        }
    }
}
