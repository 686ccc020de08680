using DriftGuard.Worker.Api;
using DriftGuard.Worker.Gateway.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DriftGuard.Worker.Gateway;

/// <summary>The gateway: what applications talk to so that they never mix models, before, during and after a switch.</summary>
public static class GatewayEndpoints
{
    /// <summary>Adds what the routes need.</summary>
    public static IServiceCollection AddGateway(this IServiceCollection services) => services
        .AddSingleton<IndexRoutes>()
        .AddSingleton<QueryEmbedding>()
        .AddSingleton<PointEndpoints>()
        .AddSingleton<RouteEndpoint>()
        .AddHostedService<ModelWarmth>();

    /// <summary>Answers on the routes.</summary>
    public static void MapGateway(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/embeddings", context => ApiAnswers.WriteAsync(context, EmbeddingEndpoint.ServeAsync));
        var index = routes.MapGroup("/v1/indexes/{index}");
        index.MapPost("/search", context => ApiAnswers.WriteAsync(context, SearchEndpoint.ServeAsync));
        index.MapGet("/route", context => ApiAnswers.WriteAsync(context, RouteEndpoint.ServeAsync));
        index.MapPut("/points", context => ApiAnswers.WriteAsync(context, PointEndpoints.PutAsync));
        index.MapPatch("/points", context => ApiAnswers.WriteAsync(context, PointEndpoints.PatchAsync));
        index.MapDelete("/points", context => ApiAnswers.WriteAsync(context, PointEndpoints.DeleteAsync));
    }
}
