using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace DriftGuard.Qdrant.Embedded.Server;

/// <summary>Lets in requests that carry the API key, as <c>api-key</c> or as a bearer token; the health check needs none, as in Qdrant.</summary>
internal sealed class ApiKeyInterceptor(string apiKey) : Interceptor
{
    private const string Bearer = "Bearer ";
    private const string HealthCheck = "/qdrant.Qdrant/HealthCheck";
    private readonly byte[] _expected = Digest(apiKey);

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        if (!string.Equals(context.Method, HealthCheck, StringComparison.Ordinal))
        {
            var given = Given(context.RequestHeaders)
                ?? throw Refusal.Because(StatusCode.Unauthenticated, "Must provide an API key or an Authorization bearer token");
            if (!CryptographicOperations.FixedTimeEquals(Digest(given), _expected))
                throw Refusal.Because(StatusCode.Unauthenticated, "Invalid API key or JWT");
        }

        return continuation(request, context);
    }

    private static string? Given(Metadata headers)
    {
        if (headers.GetValue("api-key") is { } key) return key;
        var authorization = headers.GetValue("authorization");
        return authorization?.StartsWith(Bearer, StringComparison.Ordinal) == true ? authorization[Bearer.Length..] : null;
    }

    /// <summary>Keys are compared by digest: in constant time, and whatever their lengths.</summary>
    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
