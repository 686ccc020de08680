using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace DriftGuard.Worker.Gateway;

/// <summary>The JSON object of a request, which is read key by key; every mistake names the key, what was expected and what was found.</summary>
internal sealed class RequestBody : IDisposable
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = GatewayLimits.JsonDepth, AllowDuplicateProperties = false };

    private readonly JsonDocument _document;

    private RequestBody(JsonDocument document) => _document = document;

    /// <summary>The object.</summary>
    public JsonElement Root => _document.RootElement;

    /// <summary>Reads the body of a request.</summary>
    /// <exception cref="OperatorException">It is no JSON object, or too large.</exception>
    public static async Task<RequestBody> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength > GatewayLimits.BodyBytes)
        {
            throw TooLarge();
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(GatewayLimits.LongestBody);
        try
        {
            await using var limited = new MemoryStream();
            var buffer = new byte[16 * 1024];
            for (int read; (read = await context.Request.Body.ReadAsync(buffer, patience.Token)) > 0;)
            {
                limited.Write(buffer, 0, read);
                if (limited.Length > GatewayLimits.BodyBytes)
                {
                    throw TooLarge();
                }
            }

            limited.Position = 0;
            var document = await JsonDocument.ParseAsync(limited, Strict, context.RequestAborted);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return new(document);
            }

            document.Dispose();
            throw Mistake("the body is no JSON object");
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new OperatorException(OperatorError.TooSlow, $"the body did not come within {GatewayLimits.LongestBody.TotalSeconds:0} s: send less at a time");
        }
        catch (JsonException malformed)
        {
            throw Mistake($"the body is no JSON: {malformed.Message}");
        }
    }

    /// <summary>Refuses keys that mean nothing here, which are mistyped more often than not.</summary>
    public static void RequireKnown(JsonElement of, string where, params ReadOnlySpan<string> known)
    {
        foreach (var property in of.EnumerateObject())
        {
            if (!known.Contains(property.Name))
            {
                throw Mistake($"{where} has a key '{property.Name}'; known are {string.Join(", ", known!)}");
            }
        }
    }

    /// <summary>A text; null where the key is missing or null.</summary>
    public static string? Text(JsonElement of, string key) => !of.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Mistake($"{key} is {Named(value)}: expected a text");

    /// <summary>A whole number; null where the key is missing or null.</summary>
    public static int? Whole(JsonElement of, string key, int least, int most) => !of.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most ? number
        : throw Mistake(string.Create(CultureInfo.InvariantCulture, $"{key} is {Named(value)}: expected a whole number from {least} to {most}"));

    /// <summary>A number; null where the key is missing or null.</summary>
    public static double? Number(JsonElement of, string key) => !of.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number
        : throw Mistake($"{key} is {Named(value)}: expected a number");

    /// <summary>What is wrong with the request.</summary>
    public static OperatorException Mistake(string message) => new(OperatorError.Invalid, message);

    /// <summary>A value for people, not all of a long one.</summary>
    public static string Named(JsonElement value)
    {
        const int Shown = 60;
        var text = value.GetRawText();
        return text.Length > Shown ? $"{text.AsSpan(0, Shown)}…" : text;
    }

    /// <inheritdoc/>
    public void Dispose() => _document.Dispose();

    private static OperatorException TooLarge() => new(OperatorError.TooLarge, $"the body is larger than {GatewayLimits.BodyBytes / 1024 / 1024} MiB: send less at a time");
}
