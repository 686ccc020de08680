using DriftGuard.Core.Access;
using DriftGuard.Core.Embedding;
using DriftGuard.Worker.Calibration.Thresholds;
using DriftGuard.Worker.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DriftGuard.Worker.Api;

/// <summary>
/// <c>GET /api/v1/indexes/{index}/thresholds</c>: the similarities to cut at under the model that serves the index now, or with
/// <c>?fingerprint=</c> under another. Applications ask with <c>If-None-Match</c> and get 304 until a threshold or the model changes.
/// </summary>
public static class ThresholdEndpoints
{
    /// <summary>Answers on the route.</summary>
    public static void MapThresholds(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/indexes/{index}/thresholds", ServeAsync).WithTags("Indexes")
            .Named("GetThresholds", "Tell the similarities to cut at under the model that serves an index, or under another").Requires(Right.ReadIndex);

    private static async Task<ApiResult<ServedThresholds>> ServeAsync(string index, string[]? fingerprint, ThresholdService thresholds, CancellationToken cancellation)
    {
        var asked = fingerprint ?? [];
        return asked.Length > 1 || (asked.Length == 1 && !Fingerprint.TryParse(asked[0], out _))
            ? throw new OperatorException(
                OperatorError.Invalid, $"fingerprint is '{string.Join(',', asked)}': expected one of 64 lower-case hex digits, as 'driftguard model list --output json' shows it")
            : ApiResult.Of(await thresholds.ServedAsync(index, asked.Length == 1 ? asked[0] : null, cancellation), ThresholdJson.Options);
    }
}
