using System.Globalization;
using DriftGuard.Core.Access;
using DriftGuard.Worker.Rollouts;
using DriftGuard.Worker.Security;
using DriftGuard.Worker.Shadow;
using DriftGuard.Worker.Telemetry.Tracing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DriftGuard.Worker.Api;

/// <summary>
/// <c>GET /api/v1/rollouts/{rollout}/shadow</c>: how live queries were answered by both collections of a rollout, or of the latest one of an index;
/// with <c>?limit=</c> so many of those whose answers differ most.
/// </summary>
public static class ShadowEndpoints
{
    /// <summary>Answers on the route.</summary>
    public static void MapShadowTraffic(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/rollouts/{rollout}/shadow", ServeAsync).WithTags("Rollouts")
            .Named("GetShadowTraffic", "Tell how live queries were answered by both collections of a rollout, and which answers differ most").Requires(Right.View);

    private static async Task<ApiResult<ShadowReport>> ServeAsync(string rollout, string[]? limit, RolloutService rollouts, ShadowReports shadow, CancellationToken cancellation)
    {
        var (asked, shown) = (limit ?? [], ShadowReport.DifferencesUnlessSaid);
        if (asked.Length > 1 || (asked.Length == 1 && !(int.TryParse(asked[0], NumberStyles.None, CultureInfo.InvariantCulture, out shown) && shown <= ShadowReport.MostDifferences)))
        {
            throw new OperatorException(
                OperatorError.Invalid, string.Create(CultureInfo.InvariantCulture, $"limit is '{string.Join(',', asked)}': expected a whole number from 0 to {ShadowReport.MostDifferences}"));
        }

        var found = await rollouts.FindAsync(rollout, cancellation);
        RolloutTrace.Link(found);
        return ApiResult.Of(await shadow.ReadAsync(found, shown, cancellation), ShadowReport.Json);
    }
}
