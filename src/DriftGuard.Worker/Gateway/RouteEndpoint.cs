using System.Text.Json.Serialization;
using DriftGuard.Core.Embedding;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Calibration.Thresholds;
using DriftGuard.Worker.Gateway.Routing;
using DriftGuard.Worker.Health;
using DriftGuard.Worker.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DriftGuard.Worker.Gateway;

/// <summary>
/// <c>GET /v1/indexes/{index}/route</c>: for applications that embed by themselves. With <c>If-None-Match</c> and <c>?wait=SECONDS</c> it answers as
/// soon as something has changed, and with 304 where nothing did in that time, or this process is about to stop.
/// </summary>
internal sealed class RouteEndpoint(IndexRoutes routes, QueryEmbedding embedding, ThresholdStore thresholds, Draining draining, TimeProvider time)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    // Thresholds change seldom, and many may wait.
    private static readonly TimeSpan TellAgain = TimeSpan.FromSeconds(2);

    public static async Task<ApiAnswer> ServeAsync(HttpContext context)
    {
        var index = (string)context.GetRouteValue("index")!;
        var asked = context.Request.Query["wait"];
        var seconds = 0d;
        if (asked.Count > 1 || (asked.Count == 1 && !(double.TryParse(asked[0], System.Globalization.CultureInfo.InvariantCulture, out seconds) && seconds >= 0)))
        {
            throw RequestBody.Mistake($"wait is '{asked}': expected a number of seconds");
        }

        var wait = TimeSpan.FromSeconds(Math.Min(seconds, GatewayLimits.LongestPoll.TotalSeconds));
        return await context.RequestServices.GetRequiredService<RouteEndpoint>().TellAsync(index, answer => ApiAnswers.IsKnown(context, ApiAnswers.TagOf(answer)), wait, context.RequestAborted);
    }

    private async Task<ApiAnswer> TellAsync(string index, Func<ApiAnswer, bool> isKnown, TimeSpan wait, CancellationToken cancellation)
    {
        for (var began = time.GetTimestamp(); ;)
        {
            var route = await routes.CurrentAsync(index, cancellation);
            var answer = ApiAnswer.Of(await RouteAsync(route, cancellation), ThresholdJson.Options);
            if (!isKnown(answer) || time.GetElapsedTime(began) >= wait || draining.Begun.IsCancellationRequested)
            {
                return answer;
            }

            var left = wait - time.GetElapsedTime(began);
            await ChangedAsync(route, left < TellAgain ? left : TellAgain, cancellation);
        }
    }

    /// <summary>Waits until another route holds, or for a time.</summary>
    private async Task ChangedAsync(IndexRoute route, TimeSpan atMost, CancellationToken cancellation)
    {
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < atMost && !draining.Begun.IsCancellationRequested;)
        {
            await Task.Delay(LookAgain, time, cancellation);
            if (!(await routes.CurrentAsync(route.Definition.Name, cancellation)).IsSameAs(route))
            {
                return;
            }
        }
    }

    private async Task<RouteTold> RouteAsync(IndexRoute route, CancellationToken cancellation)
    {
        var cuts = await thresholds.ListAsync(route.Definition.Name, route.Fingerprint, cancellation);
        return new(
            route.Definition.Name, route.Epoch, route.Fingerprint, route.Collection, route.Definition.Vector, SpecOf(route),
            [.. cuts.Select(ServedThreshold.Of)])
        {
            Bridge = route.Bridge is { Report: var bridge }
                ? new(bridge.Id, bridge.Model, bridge.ModelFingerprint, bridge.At, bridge.Until, embedding.ModelOf(route.Bridge).Spec with { Files = [] })
                : null,
        };
    }

    /// <summary>The spec of the collection's own model; over a bridge, which is there because that is gone, none where it is.</summary>
    private ModelSpec? SpecOf(IndexRoute route)
    {
        try
        {
            return embedding.ModelOf(route).Spec with { Files = [] };
        }
        catch (Exception failure) when (route.Bridge is not null && ModelsAtHand.IsOfModel(failure))
        {
            return null;
        }
    }

    /// <summary>A route for those who follow it by themselves.</summary>
    /// <param name="Index">The index.</param>
    /// <param name="Epoch">Rises with every switch.</param>
    /// <param name="Fingerprint">Of the model whose vectors the collection has.</param>
    /// <param name="Collection">The collection to search and, by the write alias, to write to.</param>
    /// <param name="Vector">The vector's name in it; the default vector has the empty name.</param>
    /// <param name="Model">The model's spec, without its files; null where it is gone, and a bridge is there in its place.</param>
    /// <param name="Thresholds">The similarities to cut at under this model.</param>
    private sealed record RouteTold(string Index, long Epoch, string Fingerprint, string Collection, string Vector, ModelSpec? Model, IReadOnlyList<ServedThreshold> Thresholds)
    {
        /// <summary>Over which queries go; left out where they need none.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public BridgeTold? Bridge { get; init; }
    }

    /// <summary>A bridge for those who follow a route by themselves: they embed queries with its model, and send its fingerprint with them.</summary>
    /// <param name="Id">The bridge.</param>
    /// <param name="Model">The name of the model that it maps queries of.</param>
    /// <param name="Fingerprint">That model's fingerprint.</param>
    /// <param name="Since">When it began.</param>
    /// <param name="Until">When it ends, unless a rollout ends it before.</param>
    /// <param name="Spec">That model's spec, without its files.</param>
    private sealed record BridgeTold(string Id, string Model, string Fingerprint, DateTimeOffset Since, DateTimeOffset Until, ModelSpec Spec);
}
