using DriftGuard.Qdrant.Embedded.Filters;
using DriftGuard.Qdrant.Embedded.Payloads;
using DriftGuard.Qdrant.Embedded.Points;
using DriftGuard.Qdrant.Embedded.Storage;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Reads;

/// <summary>
/// Points by the value of a payload field, which must have an index of numbers or times. A point with several values comes once for each;
/// one without any does not come.
/// </summary>
internal sealed class PayloadOrder
{
    private readonly FieldPath _field;
    private readonly PayloadSchemaType _type;
    private readonly bool _descending;
    private readonly double? _start;

    private PayloadOrder(FieldPath field, PayloadSchemaType type, bool descending, double? start)
    {
        _field = field;
        _type = type;
        _descending = descending;
        _start = start;
    }

    public static PayloadOrder Of(OrderBy request, StoredCollection stored, PointKey? offset)
    {
        if (offset is not null)
        {
            throw Refusal.WrongInput("Cannot use an `offset` when using `order_by`. The alternative for paging is to use `order_by.start_from` "
                + "and a filter to exclude the IDs that you've already seen for the `order_by.start_from` value");
        }

        if (!stored.PayloadSchema.TryGetValue(request.Key, out var schema)
            || schema.DataType is not (PayloadSchemaType.Integer or PayloadSchemaType.Float or PayloadSchemaType.Datetime))
        {
            throw Refusal.WrongInput($"No range index for `order_by` key: `{request.Key}`. Please create one to use `order_by`. Check "
                + "https://qdrant.tech/documentation/concepts/indexing/#payload-index to see which payload schemas support Range conditions");
        }

        return new PayloadOrder(
            new FieldPath(JsonPath.Parse(request.Key)), schema.DataType, request is { HasDirection: true, Direction: Direction.Desc }, Start(request.StartFrom));
    }

    public IEnumerable<(int Slot, OrderValue Value)> Take(PointStore points, FilterCondition? filter, int limit)
    {
        var found = new List<(double Key, int Slot, OrderValue Value)>();
        var target = new StoredPointTarget(points);
        for (var slot = 0; slot < points.SlotCount; slot++)
        {
            if (!points.IsLive(slot) || !(filter?.Matches(target.At(slot)) ?? true)) continue;
            foreach (var value in _field.Values(target.At(slot)).SelectMany(Elements))
                if (Read(value) is { } read && IsFromStart(read.Key)) found.Add((read.Key, slot, read.Value));
        }

        var ordered = _descending
            ? found.OrderByDescending(entry => entry.Key).ThenByDescending(entry => points.KeyOf(entry.Slot))
            : found.OrderBy(entry => entry.Key).ThenBy(entry => points.KeyOf(entry.Slot));
        return ordered.Take(limit).Select(entry => (entry.Slot, entry.Value));
    }

    private static IEnumerable<Value> Elements(Value value) =>
        value.KindCase == Value.KindOneofCase.ListValue ? value.ListValue.Values : [value];

    private static double? Start(StartFrom? start) => start?.ValueCase switch
    {
        StartFrom.ValueOneofCase.Float => start.Float,
        StartFrom.ValueOneofCase.Integer => start.Integer,
        StartFrom.ValueOneofCase.Timestamp => Microseconds(start.Timestamp.ToDateTime()),
        StartFrom.ValueOneofCase.Datetime => PayloadTime.TryParse(start.Datetime, out var time)
            ? Microseconds(time)
            : throw Refusal.Invalid($"Malformed datetime: {start.Datetime}"),
        _ => null,
    };

    private static long Microseconds(DateTime time) => (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private bool IsFromStart(double key) => _start is not { } start || (_descending ? key <= start : key >= start);

    private (double Key, OrderValue Value)? Read(Value value)
    {
        switch (_type)
        {
            case PayloadSchemaType.Integer when value.KindCase == Value.KindOneofCase.IntegerValue:
                return (value.IntegerValue, new OrderValue { Int = value.IntegerValue });
            case PayloadSchemaType.Float when ValueKinds.AsNumber(value) is { } number:
                return (number, new OrderValue { Float = number });
            case PayloadSchemaType.Datetime when ValueKinds.AsText(value) is { } text && PayloadTime.TryParse(text, out var time):
                return (Microseconds(time), new OrderValue { Int = Microseconds(time) });
            default:
                return null;
        }
    }
}
