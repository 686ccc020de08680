using System.Text.Json;
using DriftGuard.Core.Embedding;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Gateway.Routing;
using DriftGuard.Worker.Gateway.Traffic;
using DriftGuard.Worker.Shadow;
using DriftGuard.Worker.Telemetry.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using static DriftGuard.Worker.Gateway.RequestBody;

namespace DriftGuard.Worker.Gateway;

/// <summary>
/// <c>POST /v1/indexes/{index}/search</c>: embeds a text, or takes a vector with the fingerprint of the model that made it, and searches the one
/// collection whose vectors that model made. A vector of another model is refused with 409 and the fingerprint that holds. Where the index is served
/// over a bridge, texts and vectors of the bridge's model are mapped to where the collection's vectors lie.
/// </summary>
internal static class SearchEndpoint
{
    private const int FoundUnlessSaid = 10;
    private const int LargestDimensions = 65_536;

    public static async Task<ApiAnswer> ServeAsync(HttpContext context, RequestBody body)
    {
        var search = Search.Read(body.Root);
        var services = context.RequestServices;
        var (routes, embedding, qdrant) = (services.GetRequiredService<IndexRoutes>(), services.GetRequiredService<QueryEmbedding>(), services.GetRequiredService<QdrantStore>());
        var (traffic, shadow, time) = (services.GetRequiredService<SearchTraffic>(), services.GetRequiredService<ShadowTraffic>(), services.GetRequiredService<TimeProvider>());
        var (index, began) = ((string)context.GetRouteValue("index")!, time.GetTimestamp());
        try
        {
            var (route, found) = await routes.WorkAsync(index, (route, stop) => FindAsync(route, search, embedding, qdrant, time, stop), context.RequestAborted);
            if (found is null)
            {
                services.GetRequiredService<DriftGuardMetrics>().Refuse(RefusalReasons.OtherModel);
                return Refused(route, search.Fingerprint!);
            }

            traffic.Answered(route, found.Hits.Count, time.GetElapsedTime(began));
            if (shadow.Pick(route, search.Text, found.Query, found.Hits, found.Took) is { } again)
            {
                // Once the caller has its answer, and the machine nothing else to do for it.
                context.Response.OnCompleted(() =>
                {
                    shadow.Leave(again);
                    return Task.CompletedTask;
                });
            }

            return Answer(route, found.Hits);
        }
        catch (OperationCanceledException) when (routes.LastKnown(index) is { } route)
        {
            traffic.GivenUp(route, time.GetElapsedTime(began));
            throw;
        }
        catch (Exception failure) when (IsNoMistakeOfTheCaller(failure) && routes.LastKnown(index) is { } route)
        {
            traffic.Failed(route, time.GetElapsedTime(began));
            throw;
        }
    }

    /// <summary>What conflicts, such as a model that is another one under its name, is for an operator to mend.</summary>
    private static bool IsNoMistakeOfTheCaller(Exception failure) => ApiAnswers.StatusOf(failure) is null or >= 500 or StatusCodes.Status409Conflict;

    /// <returns>What was found; null where the vector is of another model.</returns>
    private static async Task<Found?> FindAsync(IndexRoute route, Search search, QueryEmbedding embedding, QdrantStore qdrant, TimeProvider time, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var (own, bridge) = (search.Fingerprint == route.Fingerprint, route.Bridge is { } over && search.Fingerprint == over.Report.ModelFingerprint ? over : null);
        if (search.Fingerprint is not null && !own && bridge is null)
        {
            return null;
        }

        var vector = search.Vector is { } given ? bridge?.MapQuery(given) ?? given : (await embedding.EmbedAsync(route, [search.Text!], InputKind.Query, cancellation))[0].Vector!;
        var expected = (int)route.Serving.State.Vectors[route.Definition.Vector].Size;
        if (vector.Length != expected)
        {
            throw Mistake($"vector has {vector.Length} components: those of index '{route.Definition.Name}' have {expected}");
        }

        var query = search.Query with { Vector = vector, VectorName = route.Definition.Vector };
        return new(query, await SearchAsync(qdrant, route.Collection, query, cancellation), time.GetElapsedTime(began));
    }

    private static async Task<IReadOnlyList<ScoredHit>> SearchAsync(QdrantStore qdrant, string collection, NearestQuery query, CancellationToken cancellation)
    {
        try
        {
            return await qdrant.SearchAsync(collection, query, cancellation);
        }
        catch (QdrantException refused) when (refused.Kind == QdrantFailure.InvalidArgument)
        {
            // The filter and the keys are the caller's own, such as a key that is no path; a rollout is not to be undone by them.
            throw Mistake(refused.Message);
        }
    }

    private static ApiAnswer Refused(IndexRoute route, string fingerprint) => ApiAnswer.Problem(
        StatusCodes.Status409Conflict,
        $"the vector was made by the model with fingerprint {fingerprint}, and index '{route.Definition.Name}' is served by {route.Model} with {route.Fingerprint} now"
        + $"{(route.Bridge is { Report: var bridge } ? $", over a bridge from {bridge.Model} with {bridge.ModelFingerprint}" : "")}: embed the query with that one",
        json => RouteJson.Write(json, route));

    private static ApiAnswer Answer(IndexRoute route, IReadOnlyList<ScoredHit> hits) => ApiAnswer.Of(json =>
    {
        RouteJson.Write(json, route);
        json.WriteStartArray("results");
        foreach (var hit in hits)
        {
            json.WriteStartObject();
            json.WritePropertyName("id");
            RouteJson.WriteId(json, hit.Id);
            json.WriteNumber("score", hit.Score);
            json.WritePropertyName("payload");

            // What DriftGuard keeps beside it is nobody else's.
            hit.Payload.Remove(StampPayload.Key);
            PayloadJson.Write(json, hit.Payload);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>What was found.</summary>
    /// <param name="Query">How it was searched for.</param>
    /// <param name="Hits">The points, best first.</param>
    /// <param name="Took">How long it took to embed and search.</param>
    private sealed record Found(NearestQuery Query, IReadOnlyList<ScoredHit> Hits, TimeSpan Took);

    /// <summary>What a request asks for.</summary>
    /// <param name="Text">The text to embed; null where there is a vector.</param>
    /// <param name="Vector">The vector; null where there is a text.</param>
    /// <param name="Fingerprint">Of the model that made the vector.</param>
    /// <param name="Query">The rest.</param>
    private sealed record Search(string? Text, float[]? Vector, string? Fingerprint, NearestQuery Query)
    {
        public static Search Read(JsonElement root)
        {
            RequireKnown(root, "the body", "text", "vector", "fingerprint", "filter", "limit", "payload", "exact", "hnswEf");
            var (text, fingerprint) = (RequestBody.Text(root, "text"), RequestBody.Text(root, "fingerprint"));
            var vector = VectorOf(root);
            if (text is null == vector is null)
            {
                throw Mistake("expected either text, or vector with fingerprint");
            }

            if (vector is not null && fingerprint is null)
            {
                throw Mistake("vector comes without fingerprint, that of the model that made it: a vector of another model finds garbage, and nothing else would tell");
            }

            if (fingerprint is not null && !Core.Embedding.Fingerprint.TryParse(fingerprint, out _))
            {
                throw Mistake($"fingerprint is '{fingerprint}': expected 64 lower-case hex digits, as the route and every answer have them");
            }

            if (text is not null)
            {
                QueryEmbedding.Limited([text]);
            }

            return new(text, vector, fingerprint, new NearestQuery(ReadOnlyMemory<float>.Empty)
            {
                Limit = Whole(root, "limit", 1, GatewayLimits.Found) ?? FoundUnlessSaid,
                Exact = Flag(root, "exact") ?? false,
                HnswEf = (ulong?)Whole(root, "hnswEf", 1, GatewayLimits.Found),
                Filter = FilterReader.Read(root, "filter"),
                Payload = PayloadOf(root),
            });
        }

        private static float[]? VectorOf(JsonElement root)
        {
            if (!root.TryGetProperty("vector", out var vector) || vector.ValueKind == JsonValueKind.Null)
            {
                return null;
            }

            if (vector.ValueKind != JsonValueKind.Array || vector.GetArrayLength() is 0 or > LargestDimensions)
            {
                throw Mistake($"vector is {Named(vector)}: expected an array of numbers");
            }

            return [.. vector.EnumerateArray().Select(one => one.ValueKind == JsonValueKind.Number && one.TryGetSingle(out var number) && float.IsFinite(number)
                ? number
                : throw Mistake($"vector has {Named(one)}: expected numbers that a float can hold"))];
        }

        private static bool? Flag(JsonElement root, string key) => !root.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null ? null
            : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
            : throw Mistake($"{key} is {Named(value)}: expected true or false");

        private static PayloadSelection PayloadOf(JsonElement root) => !root.TryGetProperty("payload", out var payload) ? PayloadSelection.All : payload.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.Null => PayloadSelection.All,
            JsonValueKind.False => PayloadSelection.None,
            JsonValueKind.Array => PayloadSelection.Keys(payload.EnumerateArray().Select(key => key.ValueKind == JsonValueKind.String
                ? key.GetString()!
                : throw Mistake($"payload has {Named(key)}: expected keys")).ToList()),
            _ => throw Mistake($"payload is {Named(payload)}: expected true, false or an array of keys"),
        };
    }
}
