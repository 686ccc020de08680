using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace DriftGuard.Worker.Api;

/// <summary>What a route answers with.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ContentType">What the body is.</param>
/// <param name="Body">The body, UTF-8.</param>
internal sealed record ApiAnswer(int Status, string ContentType, ReadOnlyMemory<byte> Body)
{
    private const string Json = "application/json; charset=utf-8";

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>200 with a result.</summary>
    public static ApiAnswer Of<T>(T result, JsonSerializerOptions options) =>
        new(StatusCodes.Status200OK, Json, JsonSerializer.SerializeToUtf8Bytes(result, options));

    /// <summary>200 with a JSON object.</summary>
    /// <param name="members">Writes its members.</param>
    public static ApiAnswer Of(Action<Utf8JsonWriter> members) => new(StatusCodes.Status200OK, Json, Object(members, default));

    /// <summary>Problem details (RFC 9457) with a message for people.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="detail">What is wrong, and what to do.</param>
    /// <param name="extend">Writes further members for programs.</param>
    public static ApiAnswer Problem(int status, string detail, Action<Utf8JsonWriter>? extend = null)
    {
        var problem = Object(
            json =>
            {
                json.WriteString("type", "about:blank");
                json.WriteString("title", ReasonPhrases.GetReasonPhrase(status));
                json.WriteNumber("status", status);
                json.WriteString("detail", detail);
                extend?.Invoke(json);
            },
            Readable);
        return new(status, "application/problem+json; charset=utf-8", problem);
    }

    private static ReadOnlyMemory<byte> Object(Action<Utf8JsonWriter> members, JsonWriterOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
