using System.Text.Json;
using DriftGuard.Core.Indexes;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Drift.Points;
using DriftGuard.Worker.Gateway.Routing;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Sources;
using DriftGuard.Worker.Writes;
using Google.Protobuf.Collections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Gateway;

/// <summary>
/// <c>PUT</c>, <c>PATCH</c> and <c>DELETE /v1/indexes/{index}/points</c>: texts and payloads in, stamped vectors out. What was acknowledged is in the
/// collection that serves, and stays through a cutover and a rollback (see <see cref="IndexWrites"/>).
/// </summary>
internal sealed class PointEndpoints(
    IndexRoutes routes, QueryEmbedding embedding, IndexWrites writes, PointWriter writer, QdrantStore qdrant, PointSampler sampler, IndexCorpora corpora)
{
    // A text is tried once: whoever calls is there to try again.
    private const int Tries = 1;

    /// <summary>Replaces points whole, or inserts them.</summary>
    public static Task<ApiAnswer> PutAsync(HttpContext context, RequestBody body) => Of(context).PutAsync(IndexOf(context), body.Root, context.RequestAborted);

    /// <summary>
    /// Changes keys of the payloads of points that are there; one whose text changes gets the vector of its new text. Where no text changes that is done
    /// without the model as well, should it be gone.
    /// </summary>
    public static Task<ApiAnswer> PatchAsync(HttpContext context, RequestBody body) => Of(context).PatchAsync(IndexOf(context), body.Root, context.RequestAborted);

    /// <summary>Deletes points; those that are not there are no error.</summary>
    public static Task<ApiAnswer> DeleteAsync(HttpContext context, RequestBody body) => Of(context).DeleteAsync(IndexOf(context), body.Root, context.RequestAborted);

    private Task<ApiAnswer> PutAsync(string index, JsonElement root, CancellationToken cancellation) => WriteAsync(index, async route =>
    {
        var points = PointRequest.ReadAll(root, route.Definition, edits: false);
        var batch = await embedding.WithOwnModelAsync(
            route, model => EmbeddedAsync(route, model, points, (point, others) => SourceOf(route, point.Id, point.Set.Clone(), others), cancellation));
        await writes.PutAsync(route.Serving, embedding.ModelOf(route), batch, cancellation);
        return Answer(route, batch.Points.Count, batch.Truncated, []);
    }, cancellation);

    private Task<ApiAnswer> PatchAsync(string index, JsonElement root, CancellationToken cancellation) => WriteAsync(index, async route =>
    {
        var edits = PointRequest.ReadAll(root, route.Definition, edits: true).ToDictionary(edit => edit.Id);
        EmbeddedBatch? batch = null;
        await writes.EditAsync(route.Serving, [.. edits.Keys], async () =>
        {
            var (model, edited) = await EditedAsync(route, edits, cancellation);
            return (model, batch = edited);
        }, cancellation);
        return Answer(route, batch!.Points.Count, batch.Truncated, [.. edits.Keys.Except(batch.Points.Select(WireForms.IdOf))]);
    }, cancellation);

    private Task<ApiAnswer> DeleteAsync(string index, JsonElement root, CancellationToken cancellation) => WriteAsync(index, async route =>
    {
        var ids = PointRequest.ReadIds(root);
        await writes.DeleteAsync(route.Serving, ids, cancellation);
        return Answer(route, ids.Count, 0, []);
    }, cancellation);

    /// <summary>Writes by the route that holds, and by the next one where it was switched before anything was written.</summary>
    private async Task<ApiAnswer> WriteAsync(string index, Func<IndexRoute, Task<ApiAnswer>> write, CancellationToken cancellation)
    {
        var route = await routes.CurrentAsync(index, cancellation);
        RequireOwnTexts(route.Definition);
        while (true)
        {
            try
            {
                return await write(route);
            }
            catch (OperatorException switched) when (switched.Error == OperatorError.Conflict)
            {
                var current = await routes.CurrentAsync(index, cancellation);
                if (current.Serving.Token == route.Serving.Token)
                {
                    throw;
                }

                route = current;
            }
        }
    }

    private static void RequireOwnTexts(IndexDefinition index)
    {
        if (index.Source.Kind != SourceKind.Payload)
        {
            throw new OperatorException(OperatorError.Conflict,
                $"the texts of index '{index.Name}' come from {index.Source.Kind.ToString().ToLowerInvariant()}, not from its points: what was written here would be taken for stale. Write there");
        }
    }

    private async Task<(ITextEmbedder Model, EmbeddedBatch Batch)> EditedAsync(IndexRoute route, Dictionary<PointId, PointRequest> edits, CancellationToken cancellation)
    {
        var found = await qdrant.RetrieveAsync(route.Collection, edits.Keys, ReadShape.WholePayload, cancellation);
        var edited = found.Select(point =>
        {
            var edit = edits[WireForms.IdOf(point)];
            foreach (var key in edit.Unset)
            {
                point.Payload.Remove(key);
            }

            foreach (var (key, value) in edit.Set)
            {
                point.Payload[key] = value.Clone();
            }

            return new PointRequest(edit.Id, point.Payload, []);
        }).ToList();
        try
        {
            return await embedding.WithOwnModelAsync(route, async model => (model, await ByAsync(model)));
        }
        catch (OperatorException gone) when (gone.Error == OperatorError.Unavailable)
        {
            var model = StoredVectors.Of(route, await sampler.ReadAsync(route.Collection, corpora.Of(route.Definition), edits.Keys, cancellation));
            if (!model.Has(edited.Select(point => TextOf(route, point.Set))))
            {
                throw;
            }

            return (model, await ByAsync(model));
        }

        Task<EmbeddedBatch> ByAsync(ITextEmbedder model) =>
            EmbeddedAsync(route, model, edited, (point, others) => SourceOf(route, point.Id, point.Set, others), cancellation);
    }

    /// <summary>Embeds points; where other models own vectors of the collection, those that are stored go with them.</summary>
    private async Task<EmbeddedBatch> EmbeddedAsync(
        IndexRoute route, ITextEmbedder model, IReadOnlyList<PointRequest> points, Func<PointRequest, CarriedVectors, SourcePoint> source, CancellationToken cancellation)
    {
        var names = route.Serving.State.Vectors.Keys.Where(name => name != route.Definition.Vector).ToList();
        var stored = names.Count == 0 ? []
            : (await qdrant.RetrieveAsync(route.Collection, [.. points.Select(point => point.Id)], ReadShape.Ids with { VectorNames = names }, cancellation))
                .ToDictionary(WireForms.IdOf, point => CarriedVectors.Of(point, names));
        var batch = await writer.EmbedAsync(
            model, route.Definition.Vector, [.. points.Select(point => source(point, stored.GetValueOrDefault(point.Id, CarriedVectors.None)))], Tries, cancellation);
        return batch.Parked.Count == 0 ? batch : throw new OperatorException(OperatorError.Unprocessable,
            $"{batch.Parked.Count} of {points.Count} texts cannot be embedded, nothing was written: {string.Join("; ", batch.Parked.Take(5).Select(text => $"point {text.PointId}: {text.Reason}"))}");
    }

    private static SourcePoint SourceOf(IndexRoute route, PointId id, MapField<string, Value> payload, CarriedVectors others)
    {
        var text = TextOf(route, payload);
        return text?.Length > GatewayLimits.TextLength
            ? throw new OperatorException(OperatorError.TooLarge, $"the text of point {id} has {text.Length} characters: at most {GatewayLimits.TextLength} are embedded")
            : new SourcePoint(id, payload, text)
            {
                Others = others,
                WhyNoText = text is null ? $"it has no text in {route.Definition.TextInWords}" : null,
            };
    }

    private static string? TextOf(IndexRoute route, MapField<string, Value> payload) => route.Definition.Text.Render(field => PayloadText.Of(payload, field));

    private static ApiAnswer Answer(IndexRoute route, int written, int truncated, IReadOnlyList<PointId> missing) => ApiAnswer.Of(json =>
    {
        RouteJson.Write(json, route);
        json.WriteNumber("points", written);
        json.WriteNumber("truncated", truncated);
        json.WriteStartArray("missing");
        foreach (var id in missing)
        {
            RouteJson.WriteId(json, id);
        }

        json.WriteEndArray();
    });

    private static PointEndpoints Of(HttpContext context) => context.RequestServices.GetRequiredService<PointEndpoints>();

    private static string IndexOf(HttpContext context) => (string)context.GetRouteValue("index")!;
}
