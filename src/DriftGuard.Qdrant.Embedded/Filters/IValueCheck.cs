using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Filters;

/// <summary>A test of one payload value.</summary>
internal interface IValueCheck
{
    bool Passes(Value value);

    /// <summary>Whether the test is of a list as a whole, not of its elements.</summary>
    bool TakesLists => false;

    /// <summary>The verdict where there is no value.</summary>
    bool PassesAbsent => false;
}

/// <summary>Questions about the kind of a value. A value of no kind is null, as Qdrant reads it.</summary>
internal static class ValueKinds
{
    public static bool IsNull(Value value) => value.KindCase is Value.KindOneofCase.NullValue or Value.KindOneofCase.None;

    public static bool IsEmpty(Value value) =>
        IsNull(value) || (value.KindCase == Value.KindOneofCase.ListValue && value.ListValue.Values.Count == 0);

    public static bool IsOrHoldsNull(Value value) => value.KindCase == Value.KindOneofCase.ListValue
        ? value.ListValue.Values.Any(IsNull)
        : IsNull(value);

    public static double? AsNumber(Value? value) => value?.KindCase switch
    {
        Value.KindOneofCase.IntegerValue => value.IntegerValue,
        Value.KindOneofCase.DoubleValue => value.DoubleValue,
        _ => null,
    };

    public static string? AsText(Value value) => value.KindCase == Value.KindOneofCase.StringValue ? value.StringValue : null;
}

/// <summary>The field-condition form of <see cref="IsEmpty"/>: may also ask for the contrary.</summary>
internal sealed record Emptiness(bool Wanted) : IValueCheck
{
    public bool TakesLists => true;

    public bool PassesAbsent => Wanted;

    public bool Passes(Value value) => ValueKinds.IsEmpty(value) == Wanted;
}

/// <summary>The field-condition form of <see cref="IsNull"/>; an absent value is not null.</summary>
internal sealed record Nullness(bool Wanted) : IValueCheck
{
    public bool TakesLists => true;

    public bool PassesAbsent => !Wanted;

    public bool Passes(Value value) => ValueKinds.IsOrHoldsNull(value) == Wanted;
}
