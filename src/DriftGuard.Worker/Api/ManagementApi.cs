using System.Text.Json.Serialization;
using DriftGuard.Embedding;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
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
            json.NumberHandling = JsonNumberHandling.Strict;
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
        var api = routes.MapGroup("/api/v1").AddEndpointFilter(ModelsByNameAsync);
        IndexEndpoints.Map(api.MapGroup("").WithTags("Indexes"));
        IndexActionEndpoints.Map(api.MapGroup("").WithTags("Indexes"));
        ModelEndpoints.Map(api.MapGroup("").WithTags("Models"));
        DriftEndpoints.Map(api.MapGroup("").WithTags("Drift"));
        EvaluationEndpoints.Map(api.MapGroup("").WithTags("Evaluations"));
        RolloutEndpoints.Map(api.MapGroup("").WithTags("Rollouts"));
        RolloutActionEndpoints.Map(api.MapGroup("").WithTags("Rollouts"));
        BridgeEndpoints.Map(api.MapGroup("").WithTags("Bridges"));
        NotificationEndpoints.Map(api.MapGroup("").WithTags("Notifications"));
        AccessEndpoints.Map(api.MapGroup("").WithTags("Access"));
        routes.MapApiDescription();
    }

    /// <summary>A model that its caller has named and that is not there is the caller's mistake; to the gateway it is the installation's.</summary>
    private static async ValueTask<object?> ModelsByNameAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (ModelException missing) when (missing is { IsMissing: true, Problems: [var problem, ..] })
        {
            throw new OperatorException(OperatorError.NotFound, problem.ToString());
        }
    }
}
