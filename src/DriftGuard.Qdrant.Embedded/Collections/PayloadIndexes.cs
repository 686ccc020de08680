using DriftGuard.Qdrant.Embedded.Filters;
using DriftGuard.Qdrant.Embedded.Payloads;
using DriftGuard.Qdrant.Embedded.Points;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Collections;

/// <summary>
/// Declared payload indexes. Filters here read payloads, so an index changes no answer; it is kept as part of the schema, and
/// <c>order_by</c> asks for one as Qdrant does.
/// </summary>
internal static class PayloadIndexes
{
    public static PayloadSchemaInfo Schema(CreateFieldIndexCollection request)
    {
        JsonPath.Parse(request.FieldName);
        var type = request.HasFieldType ? TypeOf(request.FieldType) : PayloadSchemaType.Keyword;
        // Text is matched by token where a full-text index is, and by substring where none is: it would change answers.
        if (type == PayloadSchemaType.Text) throw Refusal.Unsupported("full-text indexes");
        var schema = new PayloadSchemaInfo { DataType = type };
        if (request.FieldIndexParams is { } parameters) schema.Params = parameters.Clone();
        return schema;
    }

    /// <summary>The number of points that have a value of that type at the field.</summary>
    public static ulong Count(PayloadSchemaType type, string field, PointStore points)
    {
        ulong count = 0;
        var path = new FieldPath(JsonPath.Parse(field));
        var target = new StoredPointTarget(points);
        for (var slot = 0; slot < points.SlotCount; slot++)
            if (points.IsLive(slot) && path.Values(target.At(slot)).Exists(value => Holds(value, type))) count++;
        return count;
    }

    private static bool Holds(Value value, PayloadSchemaType type) => value.KindCase == Value.KindOneofCase.ListValue
        ? value.ListValue.Values.Any(element => Holds(element, type))
        : type switch
        {
            PayloadSchemaType.Keyword => value.KindCase == Value.KindOneofCase.StringValue,
            PayloadSchemaType.Integer => value.KindCase == Value.KindOneofCase.IntegerValue,
            PayloadSchemaType.Float => ValueKinds.AsNumber(value) is not null,
            PayloadSchemaType.Bool => value.KindCase == Value.KindOneofCase.BoolValue,
            PayloadSchemaType.Geo => Place.Of(value) is not null,
            PayloadSchemaType.Datetime => ValueKinds.AsText(value) is { } text && PayloadTime.TryParse(text, out _),
            PayloadSchemaType.Uuid => ValueKinds.AsText(value) is { } text && Guid.TryParse(text, out _),
            _ => false,
        };

    private static PayloadSchemaType TypeOf(FieldType type) => type switch
    {
        FieldType.Keyword => PayloadSchemaType.Keyword,
        FieldType.Integer => PayloadSchemaType.Integer,
        FieldType.Float => PayloadSchemaType.Float,
        FieldType.Geo => PayloadSchemaType.Geo,
        FieldType.Text => PayloadSchemaType.Text,
        FieldType.Bool => PayloadSchemaType.Bool,
        FieldType.Datetime => PayloadSchemaType.Datetime,
        FieldType.Uuid => PayloadSchemaType.Uuid,
        _ => throw Refusal.Invalid("Malformed payload schema"),
    };
}
