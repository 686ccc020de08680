using DriftGuard.Worker.Gateway.Routing;
using DriftGuard.Worker.Telemetry.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DriftGuard.Worker.Telemetry;

/// <summary>Counts requests to the gateway. Of an index only a name that this process has found to be one is told: clients name what they like.</summary>
internal sealed class GatewayRequests(DriftGuardMetrics metrics, IndexRoutes routes)
{
    private static readonly object IndexKey = new();

    /// <summary>Says which index a request was about whose route does not.</summary>
    public static void IsAbout(HttpContext context, string index) => context.Items[IndexKey] = index;

    /// <summary>Does a request, and counts it.</summary>
    /// <param name="route">The name of its route.</param>
    /// <param name="context">The request.</param>
    /// <param name="answer">Answers it.</param>
    public async Task CountAsync(string route, HttpContext context, Func<Task> answer)
    {
        var outcome = "failed";
        try
        {
            await answer();
            outcome = OutcomeOf(context.Response.StatusCode);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            outcome = "given_up";
            throw;
        }
        finally
        {
            metrics.Requested(route, IndexOf(context), outcome);
        }
    }

    private static string OutcomeOf(int status) => status switch
    {
        < 400 => "answered",
        StatusCodes.Status409Conflict => "conflict",
        StatusCodes.Status429TooManyRequests => "too_many",
        < 500 => "refused",
        _ => "failed",
    };

    private string? IndexOf(HttpContext context) => (context.Items[IndexKey] ?? context.GetRouteValue("index")) is string named && routes.LastKnown(named) is { } route
        ? route.Definition.Name
        : null;
}
