using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace DriftGuard.Worker.Api;

/// <summary>What a route answers with.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ContentType">What the body is.</param>
/// <param name="Body">The body, UTF-8.</param>
internal sealed record ApiAnswer(int Status, string ContentType, byte[] Body)
{
    private static readonly JsonSerializerOptions ProblemOptions = new(JsonSerializerDefaults.Web);

    /// <summary>200 with a result.</summary>
    public static ApiAnswer Of<T>(T result, JsonSerializerOptions options) =>
        new(StatusCodes.Status200OK, "application/json; charset=utf-8", JsonSerializer.SerializeToUtf8Bytes(result, options));

    /// <summary>Problem details (RFC 9457) with a message for people.</summary>
    public static ApiAnswer Problem(int status, string detail) => new(
        status, "application/problem+json; charset=utf-8",
        JsonSerializer.SerializeToUtf8Bytes(new { Type = "about:blank", Title = ReasonPhrases.GetReasonPhrase(status), Status = status, Detail = detail }, ProblemOptions));
}
