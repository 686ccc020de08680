using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace DriftGuard.Qdrant.Embedded.Server;

/// <summary>
/// Lets in requests that carry the API key, as <c>api-key</c> or as a bearer token; the health check needs none, as in Qdrant. It looks at
/// the headers alone, so that the message of a stranger is never read.
/// </summary>
internal sealed class ApiKeyCheck(string apiKey)
{
    private const string Bearer = "Bearer ";
    private const string HealthCheck = "/qdrant.Qdrant/HealthCheck";
    private readonly byte[] _expected = Digest(apiKey);

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (string.Equals(context.Request.Path, HealthCheck, StringComparison.Ordinal)) return next(context);
        if (Given(context.Request.Headers) is not { } given) return Refuse(context, "Must provide an API key or an Authorization bearer token");
        return CryptographicOperations.FixedTimeEquals(Digest(given), _expected) ? next(context) : Refuse(context, "Invalid API key or JWT");
    }

    private static Task Refuse(HttpContext context, string message)
    {
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true)
            return TrailersOnly.Write(context.Response, new Status(StatusCode.Unauthenticated, message));
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return context.Response.WriteAsync(message, context.RequestAborted);
    }

    private static string? Given(IHeaderDictionary headers)
    {
        if (headers.TryGetValue("api-key", out var keys)) return keys.LastOrDefault();
        var authorization = headers.Authorization.LastOrDefault();
        return authorization?.StartsWith(Bearer, StringComparison.Ordinal) == true ? authorization[Bearer.Length..] : null;
    }

    /// <summary>Keys are compared by digest: in constant time, and whatever their lengths.</summary>
    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
