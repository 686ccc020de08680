using Google.Protobuf.WellKnownTypes;
using Qdrant.Client.Grpc;
using Range = Qdrant.Client.Grpc.Range;
using Value = Qdrant.Client.Grpc.Value;

namespace DriftGuard.Qdrant.Embedded.Filters;

/// <summary>A number, whole or not, within the bounds given.</summary>
internal sealed class NumberInRange(Range range) : IValueCheck
{
    private readonly double? _below = range.HasLt ? range.Lt : null;
    private readonly double? _above = range.HasGt ? range.Gt : null;
    private readonly double? _atMost = range.HasLte ? range.Lte : null;
    private readonly double? _atLeast = range.HasGte ? range.Gte : null;

    public bool Passes(Value value) => ValueKinds.AsNumber(value) is { } number
        && (_below is null || number < _below) && (_above is null || number > _above)
        && (_atMost is null || number <= _atMost) && (_atLeast is null || number >= _atLeast);
}

/// <summary>A text that reads as a date and time within the bounds given; times without a zone are UTC.</summary>
internal sealed class TimeInRange(DatetimeRange range) : IValueCheck
{
    private readonly DateTime? _below = Bound(range.Lt);
    private readonly DateTime? _above = Bound(range.Gt);
    private readonly DateTime? _atMost = Bound(range.Lte);
    private readonly DateTime? _atLeast = Bound(range.Gte);

    public bool Passes(Value value) => ValueKinds.AsText(value) is { } text && PayloadTime.TryParse(text, out var time)
        && (_below is null || time < _below) && (_above is null || time > _above)
        && (_atMost is null || time <= _atMost) && (_atLeast is null || time >= _atLeast);

    private static DateTime? Bound(Timestamp? bound)
    {
        try
        {
            return bound?.ToDateTime();
        }
        catch (InvalidOperationException)
        {
            throw Refusal.Validation("filter.datetime_range", "the timestamp is out of range");
        }
    }
}

/// <summary>How many values there are: the length of a list, 0 for null or absent, 1 for anything else.</summary>
internal sealed class CountInRange(ValuesCount range) : IValueCheck
{
    public bool TakesLists => true;

    public bool PassesAbsent => Holds(0);

    public bool Passes(Value value) => Holds(value.KindCase switch
    {
        Value.KindOneofCase.ListValue => (ulong)value.ListValue.Values.Count,
        Value.KindOneofCase.NullValue or Value.KindOneofCase.None => 0,
        _ => 1,
    });

    private bool Holds(ulong count) =>
        (!range.HasLt || count < range.Lt) && (!range.HasGt || count > range.Gt)
        && (!range.HasLte || count <= range.Lte) && (!range.HasGte || count >= range.Gte);
}
