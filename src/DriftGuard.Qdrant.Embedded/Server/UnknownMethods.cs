using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DriftGuard.Qdrant.Embedded.Server;

/// <summary>Names the method that is not there, as for everything else that the server does not do, and the way around it where there is one.</summary>
internal static class UnknownMethods
{
    private static readonly Dictionary<string, string> Alternatives = new(StringComparer.Ordinal)
    {
        ["qdrant.Points/Search"] = "Or use Query: it searches too.",
        ["qdrant.Points/SearchBatch"] = "Or use QueryBatch: it searches too.",
    };

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/{service}/{method}", Refuse);

    private static Task Refuse(HttpContext context)
    {
        var method = $"{context.GetRouteValue("service")}/{context.GetRouteValue("method")}";
        var status = Refusal.Unsupported(method).Status;
        return TrailersOnly.Write(
            context.Response,
            Alternatives.TryGetValue(method, out var alternative) ? new Grpc.Core.Status(status.StatusCode, $"{status.Detail} {alternative}") : status);
    }
}
