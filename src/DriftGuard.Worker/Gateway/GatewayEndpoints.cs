using DriftGuard.Core.Access;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Gateway.Routing;
using DriftGuard.Worker.Gateway.Traffic;
using DriftGuard.Worker.Health;
using DriftGuard.Worker.Loops;
using DriftGuard.Worker.Security;
using DriftGuard.Worker.Shadow;
using DriftGuard.Worker.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DriftGuard.Worker.Gateway;

/// <summary>The gateway: what applications talk to so that they never mix models, before, during and after a switch.</summary>
public static class GatewayEndpoints
{
    /// <summary>Adds what the routes need.</summary>
    public static IServiceCollection AddGateway(this IServiceCollection services) => services
        .AddDriftGuardMetrics()
        .AddDraining()
        .AddSingleton<GatewayRequests>()
        .AddSingleton<GatewayGate>()
        .AddSingleton<IndexRoutes>()
        .AddSingleton<QueryEmbedding>()
        .AddSingleton<PointEndpoints>()
        .AddSingleton<RouteEndpoint>()
        .AddLoop<SearchTraffic>()
        .AddLoop<ModelWarmth>()
        .AddShadowTraffic();

    /// <summary>Answers on the routes.</summary>
    public static void MapGateway(this IEndpointRouteBuilder routes)
    {
        var (gate, requests) = (routes.ServiceProvider.GetRequiredService<GatewayGate>(), routes.ServiceProvider.GetRequiredService<GatewayRequests>());
        // Which index it is for is in the body: who may read none is refused here, and the endpoint looks whether it is one that the caller may read.
        routes.MapPost("/v1/embeddings", Answer("embeddings", context => gate.ReadAsync(context, EmbeddingEndpoint.ServeAsync))).Requires(Right.ReadIndex);
        var index = routes.MapGroup("/v1/indexes/{index}");
        index.MapPost("/search", Answer("search", context => gate.ReadAsync(context, SearchEndpoint.ServeAsync))).Requires(Right.ReadIndex);
        index.MapGet("/route", Answer("route", context => gate.PollAsync(context, RouteEndpoint.ServeAsync))).Requires(Right.ReadIndex);
        index.MapPut("/points", Answer("put", context => gate.WriteAsync(context, PointEndpoints.PutAsync))).Requires(Right.WriteIndex);
        index.MapPatch("/points", Answer("patch", context => gate.WriteAsync(context, PointEndpoints.PatchAsync))).Requires(Right.WriteIndex);
        index.MapDelete("/points", Answer("delete", context => gate.WriteAsync(context, PointEndpoints.DeleteAsync))).Requires(Right.WriteIndex);

        RequestDelegate Answer(string name, Func<HttpContext, Task<ApiAnswer>> route) => context => requests.CountAsync(name, context, () => ApiAnswers.WriteAsync(context, route));
    }
}
