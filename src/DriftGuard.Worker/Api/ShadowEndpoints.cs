using System.Globalization;
using DriftGuard.Worker.Rollouts;
using DriftGuard.Worker.Shadow;
using DriftGuard.Worker.Telemetry.Tracing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DriftGuard.Worker.Api;

/// <summary>
/// <c>GET /api/v1/rollouts/{rollout}/shadow</c>: how live queries were answered by both collections of a rollout, or of the latest one of an index;
/// with <c>?limit=</c> so many of those whose answers differ most.
/// </summary>
public static class ShadowEndpoints
{
    /// <summary>Answers on the route.</summary>
    public static void MapShadowTraffic(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/rollouts/{rollout}/shadow", context => ApiAnswers.WriteAsync(context, ServeAsync));

    private static async Task<ApiAnswer> ServeAsync(HttpContext context)
    {
        var asked = context.Request.Query["limit"];
        var limit = ShadowReport.DifferencesUnlessSaid;
        if (asked.Count > 1 || (asked.Count == 1 && !(int.TryParse(asked[0], NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit <= ShadowReport.MostDifferences)))
        {
            return ApiAnswer.Problem(StatusCodes.Status400BadRequest, string.Create(CultureInfo.InvariantCulture, $"limit is '{asked}': expected a whole number from 0 to {ShadowReport.MostDifferences}"));
        }

        var services = context.RequestServices;
        var rollout = await services.GetRequiredService<RolloutService>().FindAsync((string)context.GetRouteValue("rollout")!, context.RequestAborted);
        RolloutTrace.Link(rollout);
        return ApiAnswer.Of(await services.GetRequiredService<ShadowReports>().ReadAsync(rollout, limit, context.RequestAborted), ShadowReport.Json);
    }
}
