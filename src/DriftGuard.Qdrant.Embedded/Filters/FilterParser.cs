using DriftGuard.Qdrant.Embedded.Payloads;
using DriftGuard.Qdrant.Embedded.Points;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Filters;

/// <summary>From the filter of a request to conditions; everything that can be refused is refused here, before any point is looked at.</summary>
internal static class FilterParser
{
    public static FilterCondition Parse(Filter filter)
    {
        if (filter.MinShould is { MinCount: 0 })
            throw Refusal.Validation("filter.min_should.min_count", "min_count must be greater than 0");
        return new FilterCondition(
            Parse(filter.Must), Parse(filter.MustNot), Parse(filter.Should),
            filter.MinShould is null ? [] : Parse(filter.MinShould.Conditions), filter.MinShould?.MinCount ?? 0);
    }

    private static ICondition[] Parse(RepeatedField<Condition> conditions) => [.. conditions.Select(Parse)];

    private static ICondition Parse(Condition condition) => condition.ConditionOneOfCase switch
    {
        Condition.ConditionOneOfOneofCase.Field => Parse(condition.Field),
        Condition.ConditionOneOfOneofCase.IsEmpty => new IsEmpty(PathTo(condition.IsEmpty.Key)),
        Condition.ConditionOneOfOneofCase.IsNull => new IsNull(PathTo(condition.IsNull.Key)),
        Condition.ConditionOneOfOneofCase.HasId => new HasId([.. condition.HasId.HasId.Select(PointKey.Of)]),
        Condition.ConditionOneOfOneofCase.HasVector => new HasVector(condition.HasVector.HasVector),
        Condition.ConditionOneOfOneofCase.Filter => Parse(condition.Filter),
        Condition.ConditionOneOfOneofCase.Nested => new Nested(
            new FieldPath(JsonPath.Parse(condition.Nested.Key).Elements()), Parse(condition.Nested.Filter ?? new Filter())),
        _ => throw Refusal.Unsupported("a filter condition of a kind that it does not know"),
    };

    private static FieldIs Parse(FieldCondition condition)
    {
        var checks = new List<IValueCheck>();
        if (condition.Match is { } match) checks.Add(MatchChecks.Of(match));
        if (condition.Range is { } range) checks.Add(new NumberInRange(range));
        if (condition.DatetimeRange is { } times) checks.Add(new TimeInRange(times));
        if (condition.GeoBoundingBox is { } box) checks.Add(new InGeoBox(box));
        if (condition.GeoRadius is { } radius) checks.Add(new InGeoRadius(radius));
        if (condition.GeoPolygon is { } polygon) checks.Add(new InGeoPolygon(polygon));
        if (condition.ValuesCount is { } count) checks.Add(new CountInRange(count));
        if (condition.HasIsEmpty) checks.Add(new Emptiness(condition.IsEmpty));
        if (condition.HasIsNull) checks.Add(new Nullness(condition.IsNull));
        return checks.Count == 1
            ? new FieldIs(PathTo(condition.Key), checks[0])
            : throw (checks.Count == 0
                ? Refusal.Validation("filter", $"At least one field condition must be specified (key '{condition.Key}')")
                : Refusal.Unsupported($"{checks.Count} tests in one field condition (key '{condition.Key}'); give each its own condition"));
    }

    private static FieldPath PathTo(string key) => new(JsonPath.Parse(key));
}
