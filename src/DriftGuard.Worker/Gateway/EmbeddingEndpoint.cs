using System.Runtime.InteropServices;
using System.Text.Json;
using DriftGuard.Core.Access;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Gateway.Routing;
using DriftGuard.Worker.Security;
using DriftGuard.Worker.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using static DriftGuard.Worker.Gateway.RequestBody;

namespace DriftGuard.Worker.Gateway;

/// <summary>
/// <c>POST /v1/embeddings</c>: the OpenAI API (https://platform.openai.com/docs/api-reference/embeddings), whose <c>model</c> is an index: texts get the
/// vectors of the model that serves it now. Beside OpenAI's keys <c>input_type</c> is taken, <c>query</c> unless said or <c>document</c>.
/// </summary>
internal static class EmbeddingEndpoint
{
    public static async Task<ApiAnswer> ServeAsync(HttpContext context, RequestBody body)
    {
        var index = Text(body.Root, "model") is { Length: > 0 } named ? named : throw Mistake("model is missing: expected the name of an index");
        Caller.Require(context, Right.ReadIndex, index);
        var texts = QueryEmbedding.Limited(Inputs(body.Root));
        var kind = Text(body.Root, "input_type") switch
        {
            null or "query" => InputKind.Query,
            "document" => InputKind.Document,
            var other => throw Mistake($"input_type is '{other}': expected query or document"),
        };
        var asBase64 = Text(body.Root, "encoding_format") switch
        {
            null or "float" => false,
            "base64" => true,
            var other => throw Mistake($"encoding_format is '{other}': expected float or base64"),
        };
        var dimensions = Whole(body.Root, "dimensions", 1, int.MaxValue);
        GatewayRequests.IsAbout(context, index);

        var (routes, embedding) = (context.RequestServices.GetRequiredService<IndexRoutes>(), context.RequestServices.GetRequiredService<QueryEmbedding>());
        var (route, outcomes) = await routes.WorkAsync(index, (route, stop) => embedding.EmbedAsync(route, texts, kind, stop), context.RequestAborted);
        var size = outcomes[0].Vector!.Length;
        return dimensions is null || dimensions == size
            ? Answer(route, outcomes, asBase64)
            : throw Mistake($"dimensions is {dimensions}: model {route.Model} of index '{index}' makes vectors of {size}, and others do not compare with what is stored");
    }

    private static List<string> Inputs(JsonElement root)
    {
        if (!root.TryGetProperty("input", out var input))
        {
            throw Mistake("input is missing: expected a text or an array of texts");
        }

        return input.ValueKind switch
        {
            JsonValueKind.String => [input.GetString()!],
            JsonValueKind.Array => [.. input.EnumerateArray().Select(one => one.ValueKind == JsonValueKind.String
                ? one.GetString()!
                : throw Mistake($"input has {Named(one)}: expected texts; numbers of tokens are not taken, since tokens differ from model to model"))],
            _ => throw Mistake($"input is {Named(input)}: expected a text or an array of texts"),
        };
    }

    private static ApiAnswer Answer(IndexRoute route, IReadOnlyList<EmbeddingOutcome> outcomes, bool asBase64) => ApiAnswer.Of(json =>
    {
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        for (var i = 0; i < outcomes.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("object", "embedding");
            json.WriteNumber("index", i);
            WriteVector(json, outcomes[i].Vector!, asBase64);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("model", route.Definition.Name);
        RouteJson.Write(json, route);
        var tokens = outcomes.Sum(outcome => (long)outcome.Tokens);
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", tokens);
        json.WriteNumber("total_tokens", tokens);
        json.WriteEndObject();
    });

    private static void WriteVector(Utf8JsonWriter json, float[] vector, bool asBase64)
    {
        if (asBase64)
        {
            // Little-endian, as OpenAI sends them; so is every machine that .NET 10 runs on.
            json.WriteBase64String("embedding", MemoryMarshal.AsBytes<float>(vector));
            return;
        }

        json.WriteStartArray("embedding");
        foreach (var component in vector)
        {
            json.WriteNumberValue(component);
        }

        json.WriteEndArray();
    }
}
