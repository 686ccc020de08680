using DriftGuard.Qdrant.Embedded.Payloads;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Tests.Payloads;

public sealed class PayloadEditTests
{
    [Theory]
    [InlineData("""{"a":{"b":{"x":1}}}""", "a.b", """{"a":{"b":{"x":1,"new":9}}}""")]
    [InlineData("""{"a":5}""", "a.b", """{"a":{"b":{"new":9}}}""")]
    [InlineData("""{}""", "a.b", """{"a":{"b":{"new":9}}}""")]
    [InlineData("""{"a":[{"x":1},{"x":2}]}""", "a[]", """{"a":[{"x":1,"new":9},{"x":2,"new":9}]}""")]
    [InlineData("""{"a":[{"x":1},{"x":2}]}""", "a[1]", """{"a":[{"x":1},{"x":2,"new":9}]}""")]
    [InlineData("""{"a":[{"x":1}]}""", "a[7]", """{"a":[{"x":1}]}""")]
    [InlineData("""{"a":1}""", null, """{"a":1,"new":9}""")]
    public void Setting_merges_at_the_path_and_makes_what_is_missing(string before, string? path, string after)
    {
        var payload = Json(before).Fields;

        PayloadEdit.Set(payload, path is null ? null : JsonPath.Parse(path), Json("""{"new":9,"gone":null}""").Fields);

        payload.ShouldBe(Json(after).Fields);
    }

    [Theory]
    [InlineData("""{"a":{"b":1,"c":2}}""", "a.b", """{"a":{"c":2}}""")]
    [InlineData("""{"a":[{"b":1},{"b":2,"c":3}]}""", "a[].b", """{"a":[{},{"c":3}]}""")]
    [InlineData("""{"a":[1,2]}""", "a[0]", """{"a":[1,2]}""")]
    [InlineData("""{"a":[1,2]}""", "a[]", """{"a":[]}""")]
    [InlineData("""{"a":1}""", "b", """{"a":1}""")]
    [InlineData("""{"a.b":1,"a":{"b":2}}""", "\"a.b\"", """{"a":{"b":2}}""")]
    public void Deleting_removes_the_key_at_the_path_and_never_an_index(string before, string path, string after)
    {
        var payload = Json(before).Fields;

        PayloadEdit.Delete(payload, JsonPath.Parse(path));

        payload.ShouldBe(Json(after).Fields);
    }

    [Theory]
    [InlineData("""{"include":{"fields":["a"]}}""", """{"a":{"b":1,"c":[{"d":2,"e":3}]}}""")]
    [InlineData("""{"include":{"fields":["a.c[].d","z"]}}""", """{"a":{"c":[{"d":2}]},"z":0}""")]
    [InlineData("""{"exclude":{"fields":["a"]}}""", """{"z":0}""")]
    [InlineData("""{"exclude":{"fields":["a.c[].d"]}}""", """{"a":{"b":1,"c":[{"e":3}]},"z":0}""")]
    [InlineData("""{"enable":true}""", """{"a":{"b":1,"c":[{"d":2,"e":3}]},"z":0}""")]
    [InlineData("""{"enable":false}""", """{}""")]
    public void A_projection_keeps_what_it_names(string selector, string kept)
    {
        var stored = PayloadBytes.Encode(Json("""{"a":{"b":1,"c":[{"d":2,"e":3}]},"z":0}""").Fields);

        var projection = PayloadProjection.Of(WithPayloadSelector.Parser.ParseJson(selector), enabledByDefault: true);

        PayloadBytes.Decode(projection.Apply(stored).ToArray()).ShouldBe(Json(kept).Fields);
    }

    /// <summary>A payload from plain JSON.</summary>
    private static Struct Json(string json) => Convert(System.Text.Json.Nodes.JsonNode.Parse(json)!).StructValue;

    private static Value Convert(System.Text.Json.Nodes.JsonNode? node)
    {
        switch (node)
        {
            case null:
                return new Value { NullValue = NullValue.NullValue };
            case System.Text.Json.Nodes.JsonArray array:
                return new Value { ListValue = new ListValue { Values = { array.Select(Convert) } } };
            case System.Text.Json.Nodes.JsonObject fields:
                var converted = new Struct();
                foreach (var (key, value) in fields) converted.Fields[key] = Convert(value);
                return new Value { StructValue = converted };
            default:
                return new Value { IntegerValue = (long)node };
        }
    }
}
