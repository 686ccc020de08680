using DriftGuard.Qdrant.Embedded.Filters;
using Grpc.Core;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Tests.Filters;

/// <summary>Conditions that the recordings do not ask for, by the rules of Qdrant's condition checker.</summary>
public sealed class ConditionTests
{
    private const string Payload = """
        {"fields": {
          "place": {"struct_value": {"fields": {"lon": {"double_value": 13.4}, "lat": {"double_value": 52.5}}}},
          "text": {"string_value": "The quick brown fox"},
          "when": {"string_value": "2026-03-04T05:06:07.123456789Z"},
          "day": {"string_value": "2026-03-04"},
          "list": {"list_value": {"values": [{"integer_value": "1"}, {"null_value": "NULL_VALUE"}, {"integer_value": "3"}]}},
          "none": {"null_value": "NULL_VALUE"},
          "half": {"double_value": 0.5},
          "seven": {"double_value": 7.0}
        }}
        """;

    [Theory]
    [InlineData(true, """{"key": "place", "geo_radius": {"center": {"lon": 13.4, "lat": 52.4}, "radius": 11200}}""")]
    [InlineData(false, """{"key": "place", "geo_radius": {"center": {"lon": 13.4, "lat": 52.4}, "radius": 11100}}""")]
    [InlineData(true, """{"key": "place", "geo_bounding_box": {"top_left": {"lon": 13, "lat": 53}, "bottom_right": {"lon": 14, "lat": 52}}}""")]
    [InlineData(false, """{"key": "place", "geo_bounding_box": {"top_left": {"lon": 14, "lat": 53}, "bottom_right": {"lon": 15, "lat": 52}}}""")]
    [InlineData(true, """{"key": "place", "geo_bounding_box": {"top_left": {"lon": 10, "lat": 53}, "bottom_right": {"lon": -10, "lat": 52}}}""")]
    [InlineData(true, """{"key": "place", "geo_polygon": {"exterior": {"points": [{"lon": 13, "lat": 52}, {"lon": 14, "lat": 52}, {"lon": 13.5, "lat": 53}, {"lon": 13, "lat": 52}]}}}""")]
    [InlineData(false, """{"key": "place", "geo_polygon": {"exterior": {"points": [{"lon": 13, "lat": 52}, {"lon": 14, "lat": 52}, {"lon": 13.5, "lat": 53}, {"lon": 13, "lat": 52}]}, "interiors": [{"points": [{"lon": 13.3, "lat": 52.4}, {"lon": 13.5, "lat": 52.4}, {"lon": 13.4, "lat": 52.6}, {"lon": 13.3, "lat": 52.4}]}]}}""")]
    [InlineData(true, """{"key": "text", "match": {"phrase": "quick brown"}}""")]
    [InlineData(false, """{"key": "text", "match": {"text": "fox quick"}}""")]
    [InlineData(true, """{"key": "text", "match": {"text_any": "cat  fox"}}""")]
    [InlineData(false, """{"key": "text", "match": {"text_any": "cat dog"}}""")]
    [InlineData(true, """{"key": "when", "datetime_range": {"gte": "2026-03-04T05:06:07Z", "lt": "2026-03-04T05:06:08Z"}}""")]
    [InlineData(true, """{"key": "day", "datetime_range": {"lte": "2026-03-04T00:00:00Z", "gte": "2026-03-04T00:00:00Z"}}""")]
    [InlineData(false, """{"key": "text", "datetime_range": {"gt": "2000-01-01T00:00:00Z"}}""")]
    [InlineData(true, """{"key": "list", "match": {"integer": "3"}}""")]
    [InlineData(true, """{"key": "list[0]", "match": {"integer": "1"}}""")]
    [InlineData(false, """{"key": "list[0]", "match": {"integer": "3"}}""")]
    [InlineData(true, """{"key": "list", "match": {"except_integers": {"integers": ["1"]}}}""")]
    [InlineData(false, """{"key": "none", "match": {"except_integers": {"integers": ["1"]}}}""")]
    [InlineData(false, """{"key": "absent", "match": {"except_integers": {"integers": ["1"]}}}""")]
    [InlineData(false, """{"key": "seven", "match": {"integer": "7"}}""")]
    [InlineData(true, """{"key": "seven", "range": {"gte": 7, "lte": 7}}""")]
    [InlineData(true, """{"key": "list", "values_count": {"gte": "3", "lte": "3"}}""")]
    [InlineData(true, """{"key": "none", "values_count": {"lt": "1"}}""")]
    [InlineData(true, """{"key": "absent", "values_count": {"lt": "1"}}""")]
    [InlineData(true, """{"key": "list", "is_null": true}""")]
    [InlineData(false, """{"key": "list", "is_empty": true}""")]
    [InlineData(true, """{"key": "absent", "is_empty": true}""")]
    [InlineData(true, """{"key": "absent", "is_null": false}""")]
    public void A_field_condition_holds_as_Qdrant_has_it(bool holds, string condition)
    {
        var filter = FilterCondition.Of(new Filter { Must = { new Condition { Field = FieldCondition.Parser.ParseJson(condition) } } })!;

        filter.Matches(new NestedTarget(Struct.Parser.ParseJson(Payload))).ShouldBe(holds);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("a.")]
    [InlineData("a[x]")]
    [InlineData("\"open")]
    public void A_path_that_cannot_be_read_is_refused_and_named(string path)
    {
        var filter = new Filter { Must = { new Condition { IsNull = new IsNullCondition { Key = path } } } };

        var refusal = Should.Throw<RpcException>(() => FilterCondition.Of(filter));

        refusal.Status.ShouldBe(new Status(StatusCode.InvalidArgument, $"Invalid json path: '{path}'"));
    }

    [Fact]
    public void A_filter_without_conditions_is_no_filter() => FilterCondition.Of(new Filter()).ShouldBeNull();
}
