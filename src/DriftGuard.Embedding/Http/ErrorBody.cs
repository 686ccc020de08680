using System.Text;
using System.Text.Json;

namespace DriftGuard.Embedding.Http;

/// <summary>What a server says in the body of a refusal, in the forms that servers use.</summary>
internal static class ErrorBody
{
    private const int LongestExcerpt = 300;

    /// <summary>The message, with the code where there is one; the beginning of a body that has neither.</summary>
    public static string Describe(ReadOnlyMemory<byte> body, Secrets secrets)
    {
        var text = body.Length == 0 ? "an empty body" : MessageIn(body) ?? Encoding.UTF8.GetString(body.Span);

        // Before it is cut: half a key is a secret too.
        return Excerpt(secrets.Redact(text));
    }

    /// <summary>The beginning of a body, on one line.</summary>
    public static string Excerpt(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= LongestExcerpt ? line : line[..LongestExcerpt] + "...";
    }

    private static string? MessageIn(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object ? MessageIn(json.RootElement) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Also text that is no Unicode, such as half of an emoji that a server cut.
            return null;
        }
    }

    private static string? MessageIn(JsonElement root)
    {
        var error = root.TryGetProperty("error", out var member) && member.ValueKind == JsonValueKind.Object ? member : root;
        var message = error.OptionalText("message") ?? error.OptionalText("error") ?? error.OptionalText("detail") ?? error.OptionalText("msg");
        var code = error.OptionalText("code") ?? error.OptionalText("error_type") ?? error.OptionalText("type");
        return message is null ? null : code is null || message.Contains(code, StringComparison.OrdinalIgnoreCase) ? message : $"{message} ({code})";
    }
}
