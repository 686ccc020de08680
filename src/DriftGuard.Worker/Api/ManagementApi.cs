using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DriftGuard.Worker.Api;

/// <summary>The management API, <c>/api/v1</c>: its table of contents.</summary>
public static class ManagementApi
{
    private const int JsonDepth = 32;

    /// <summary>Adds what the routes need.</summary>
    public static IServiceCollection AddManagementApi(this IServiceCollection services)
    {
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.Configure<JsonOptions>(options =>
        {
            var json = options.SerializerOptions;
            (json.MaxDepth, json.UnmappedMemberHandling, json.AllowDuplicateProperties) = (JsonDepth, JsonUnmappedMemberHandling.Disallow, false);
            (json.RespectNullableAnnotations, json.RespectRequiredConstructorParameters) = (true, true);
            foreach (var converter in ApiJson.Options.Converters)
            {
                json.Converters.Add(converter);
            }
        });
        return services.AddSingleton<RolloutEvents>().AddApiDescription();
    }

    /// <summary>Answers on the routes. Needs <c>UseIdempotencyKeys</c> before them.</summary>
    public static void MapManagementApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1");
        IndexEndpoints.Map(api);
        ModelEndpoints.Map(api);
        DriftEndpoints.Map(api);
        EvaluationEndpoints.Map(api);
        RolloutEndpoints.Map(api);
        RolloutActionEndpoints.Map(api);
        BridgeEndpoints.Map(api);
        AccessEndpoints.Map(api);
        routes.MapApiDescription();
    }
}
