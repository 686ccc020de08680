using DriftGuard.Qdrant.Embedded.Payloads;
using DriftGuard.Qdrant.Embedded.Points;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Filters;

/// <summary>A path into the payload, ready to be followed in stored points.</summary>
internal sealed record FieldPath(JsonPath Path)
{
    private readonly PayloadKey _first = new(Path.FirstKey);

    /// <summary>The values that the path leads to; none where a part of it is absent.</summary>
    public List<Value> Values(IFilterTarget target)
    {
        var found = new List<Value>();
        if (target.Field(_first) is { } value) Path.Collect(value, found);
        return found;
    }
}

/// <summary>The id is one of these; an empty list matches nothing.</summary>
internal sealed record HasId(HashSet<PointKey> Ids) : ICondition
{
    public bool Matches(IFilterTarget target) => target.Id is { } id && Ids.Contains(id);
}

internal sealed record HasVector(string Name) : ICondition
{
    public bool Matches(IFilterTarget target) => target.HasVector(Name);
}

/// <summary>Absent, null, or an empty list.</summary>
internal sealed record IsEmpty(FieldPath Field) : ICondition
{
    public bool Matches(IFilterTarget target) => Field.Values(target).TrueForAll(ValueKinds.IsEmpty);
}

/// <summary>Present, and null or a list that holds a null.</summary>
internal sealed record IsNull(FieldPath Field) : ICondition
{
    public bool Matches(IFilterTarget target) => Field.Values(target).Exists(ValueKinds.IsOrHoldsNull);
}

/// <summary>Any of the objects at the path meets the whole filter by itself.</summary>
internal sealed record Nested(FieldPath Field, FilterCondition Filter) : ICondition
{
    public bool Matches(IFilterTarget target) => Field.Values(target).Exists(value =>
        value.KindCase == Value.KindOneofCase.StructValue && Filter.Matches(new NestedTarget(value.StructValue)));
}

/// <summary>Any of the values at the path passes the check; a list passes if any of its elements does.</summary>
internal sealed record FieldIs(FieldPath Field, IValueCheck Check) : ICondition
{
    public bool Matches(IFilterTarget target)
    {
        var values = Field.Values(target);
        return values.Count == 0 ? Check.PassesAbsent : values.Exists(Passes);
    }

    private bool Passes(Value value)
    {
        if (Check.TakesLists || value.KindCase != Value.KindOneofCase.ListValue) return Check.Passes(value);
        foreach (var element in value.ListValue.Values)
            if (Check.Passes(element)) return true;
        return false;
    }
}
