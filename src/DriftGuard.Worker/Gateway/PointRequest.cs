using System.Text.Json;
using DriftGuard.Core.Indexes;
using DriftGuard.Qdrant.Payloads;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;
using static DriftGuard.Worker.Gateway.RequestBody;

namespace DriftGuard.Worker.Gateway;

/// <summary>A point that a request writes.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Set">Keys of its payload: all of them where it is put, those that change where it is edited.</param>
/// <param name="Unset">Keys that an edit takes out.</param>
internal sealed record PointRequest(PointId Id, MapField<string, Value> Set, IReadOnlyList<string> Unset)
{
    /// <summary>Reads the points of a request.</summary>
    /// <param name="root">The body.</param>
    /// <param name="index">Where they go.</param>
    /// <param name="edits">Whether they are edited.</param>
    /// <exception cref="OperatorException">Something in it is not as it should be; nothing was done.</exception>
    public static IReadOnlyList<PointRequest> ReadAll(JsonElement root, IndexDefinition index, bool edits)
    {
        RequireKnown(root, "the body", "points");
        var points = ArrayOf(root, "points").Select((point, i) => Read(point, $"points[{i}]", index, edits)).ToList();
        var twice = points.GroupBy(point => point.Id).FirstOrDefault(same => same.Count() > 1);
        return twice is null ? points : throw Mistake($"point {twice.Key} is there {twice.Count()} times: which of them would stay?");
    }

    /// <summary>Reads the ids of points that a request deletes.</summary>
    /// <exception cref="OperatorException">Something in it is not as it should be; nothing was done.</exception>
    public static IReadOnlyList<PointId> ReadIds(JsonElement root)
    {
        RequireKnown(root, "the body", "ids");
        return [.. ArrayOf(root, "ids").Select(id => FilterReader.IdOf(id, "ids")).Distinct()];
    }

    private static PointRequest Read(JsonElement point, string where, IndexDefinition index, bool edits)
    {
        if (point.ValueKind != JsonValueKind.Object)
        {
            throw Mistake($"{where} is {Named(point)}: expected an object");
        }

        if (edits)
        {
            RequireKnown(point, where, "id", "text", "payload", "unset");
        }
        else
        {
            RequireKnown(point, where, "id", "text", "payload");
        }

        var id = point.TryGetProperty("id", out var given) ? FilterReader.IdOf(given, $"{where}.id") : throw Mistake($"{where} has no id");
        var payload = point.TryGetProperty("payload", out var fields) && fields.ValueKind != JsonValueKind.Null
            ? PayloadOf(fields, $"{where}.payload")
            : [];
        if (Text(point, "text") is { } text)
        {
            var field = index.PayloadTextField ?? throw Mistake($"{where} has a text, and the text of index '{index.Name}' is joined from several fields ({index.TextInWords}): put those into payload");
            if (payload.ContainsKey(field))
            {
                throw Mistake($"{where} has its text twice: as text, and in payload as '{field}'");
            }

            payload[field] = new Value { StringValue = text };
        }

        var unset = !point.TryGetProperty("unset", out var keys) ? [] : keys.ValueKind == JsonValueKind.Array && keys.EnumerateArray().All(key => key.ValueKind == JsonValueKind.String)
            ? keys.EnumerateArray().Select(key => key.GetString()!).ToList()
            : throw Mistake($"{where}.unset is {Named(keys)}: expected an array of keys");
        return payload.ContainsKey(StampPayload.Key) || unset.Contains(StampPayload.Key, StringComparer.Ordinal)
            ? throw Mistake($"{where} writes '{StampPayload.Key}', which is DriftGuard's own")
            : new(id, payload, unset);
    }

    private static MapField<string, Value> PayloadOf(JsonElement fields, string where)
    {
        try
        {
            return fields.ValueKind == JsonValueKind.Object ? PayloadJson.ToPayload(fields) : throw Mistake($"{where} is {Named(fields)}: expected an object");
        }
        catch (Exception malformed) when (malformed is JsonException or ArgumentException)
        {
            throw Mistake($"{where} holds a number beyond 64 bits: expected whole numbers, and others that a double holds");
        }
    }

    private static JsonElement.ArrayEnumerator ArrayOf(JsonElement root, string key)
    {
        if (!root.TryGetProperty(key, out var array) || array.ValueKind != JsonValueKind.Array)
        {
            throw Mistake($"{key} is missing: expected an array");
        }

        return array.GetArrayLength() is > 0 and <= GatewayLimits.Points
            ? array.EnumerateArray()
            : throw Mistake($"{key} has {array.GetArrayLength()} entries: expected 1 to {GatewayLimits.Points}");
    }
}
