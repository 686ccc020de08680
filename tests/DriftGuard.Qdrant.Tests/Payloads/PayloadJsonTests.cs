using System.Text.Json;
using CsCheck;
using DriftGuard.Qdrant.Payloads;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Tests.Payloads;

public class PayloadJsonTests
{
    [Fact]
    public void Any_payload_comes_back_from_JSON_as_it_was() => AnyPayload.Gen.Sample(payload =>
    {
        using var json = JsonDocument.Parse(PayloadJson.ToJson(payload));
        return PayloadJson.ToPayload(json.RootElement).Equals(payload);
    });

    [Theory]
    [InlineData("1", Value.KindOneofCase.IntegerValue)]
    [InlineData("1.0", Value.KindOneofCase.DoubleValue)]
    [InlineData("-0.0", Value.KindOneofCase.DoubleValue)]
    [InlineData("1E+300", Value.KindOneofCase.DoubleValue)]
    [InlineData("9223372036854775807", Value.KindOneofCase.IntegerValue)]
    [InlineData("-9223372036854775808", Value.KindOneofCase.IntegerValue)]
    [InlineData("\"text\"", Value.KindOneofCase.StringValue)]
    [InlineData("true", Value.KindOneofCase.BoolValue)]
    [InlineData("null", Value.KindOneofCase.NullValue)]
    [InlineData("[1,1.0]", Value.KindOneofCase.ListValue)]
    [InlineData("{\"a\":{}}", Value.KindOneofCase.StructValue)]
    public void JSON_comes_back_from_a_value_as_it_was(string json, Value.KindOneofCase kind)
    {
        var value = PayloadJson.ToValue(JsonDocument.Parse(json).RootElement);
        value.KindCase.ShouldBe(kind);
        PayloadJson.ToJson(value).ShouldBe(json);
    }

    [Fact]
    public void An_integer_beyond_64_bits_becomes_a_double() =>
        PayloadJson.ToValue(JsonDocument.Parse("9223372036854775808").RootElement).DoubleValue.ShouldBe(9223372036854775808d);

    [Theory]
    [InlineData("1e400")]
    [InlineData("[-1e400]")]
    public void A_number_that_no_double_holds_is_refused(string json) =>
        Should.Throw<JsonException>(() => PayloadJson.ToValue(JsonDocument.Parse(json).RootElement)).Message.ShouldContain("1e400 is too large for a 64-bit float");

    [Fact]
    public void Keys_are_written_in_order() =>
        PayloadJson.ToJson(new MapField<string, Value> { ["b"] = new() { IntegerValue = 1 }, ["a"] = new() { IntegerValue = 2 } }).ShouldBe("""{"a":2,"b":1}""");

    [Fact]
    public void NaN_is_refused_instead_of_written_as_something_else() =>
        Should.Throw<ArgumentException>(() => PayloadJson.ToJson(new Value { DoubleValue = double.NaN })).Message.ShouldContain("NaN");

    [Fact]
    public void A_payload_is_an_object() =>
        Should.Throw<ArgumentException>(() => PayloadJson.ToPayload(JsonDocument.Parse("[]").RootElement)).Message.ShouldContain("Array");
}
