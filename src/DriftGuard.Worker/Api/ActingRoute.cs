using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace DriftGuard.Worker.Api;

/// <summary>Marks a route that acts: it takes an <c>Idempotency-Key</c>.</summary>
/// <param name="KeepsAnswer">Its answer may be kept; one with a secret may not.</param>
internal sealed record ActingRoute(bool KeepsAnswer);

/// <summary>What routes of the management API say of themselves.</summary>
internal static class ApiRouteExtensions
{
    /// <summary>Bytes of a body at most.</summary>
    public const int BodyBytes = 1024 * 1024;

    /// <summary>Names a route, and says what it does.</summary>
    public static RouteHandlerBuilder Named(this RouteHandlerBuilder route, string name, string summary) => route.WithName(name).WithSummary(summary);

    /// <summary>Says that a route acts.</summary>
    public static RouteHandlerBuilder Acts(this RouteHandlerBuilder route, bool keepsAnswer = true) => route.WithMetadata(new ActingRoute(keepsAnswer), new BodyLimit());

    private sealed class BodyLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => BodyBytes;
    }
}
