using DriftGuard.Core.Access;
using DriftGuard.Core.Embedding;
using DriftGuard.Worker.Calibration.Thresholds;
using DriftGuard.Worker.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DriftGuard.Worker.Api;

/// <summary>
/// <c>GET /api/v1/indexes/{index}/thresholds</c>: the similarities to cut at under the model that serves the index now, or with
/// <c>?fingerprint=</c> under another. Applications ask with <c>If-None-Match</c> and get 304 until a threshold or the model changes.
/// </summary>
public static class ThresholdEndpoints
{
    /// <summary>Answers on the route.</summary>
    public static void MapThresholds(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/indexes/{index}/thresholds", context => ApiAnswers.WriteAsync(context, ServeAsync)).Requires(Right.ReadIndex);

    private static async Task<ApiAnswer> ServeAsync(HttpContext context)
    {
        var asked = context.Request.Query["fingerprint"];
        if (asked.Count > 1 || (asked.Count == 1 && !Fingerprint.TryParse(asked[0], out _)))
        {
            return ApiAnswer.Problem(StatusCodes.Status400BadRequest, $"fingerprint is '{asked}': expected one of 64 lower-case hex digits, as 'driftguard model list --output json' shows it");
        }

        var index = (string)context.GetRouteValue("index")!;
        var service = context.RequestServices.GetRequiredService<ThresholdService>();
        return ApiAnswer.Of(await service.ServedAsync(index, asked.Count == 1 ? asked[0] : null, context.RequestAborted), ThresholdJson.Options);
    }
}
