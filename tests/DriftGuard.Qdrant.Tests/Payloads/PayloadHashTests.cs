using System.Security.Cryptography;
using System.Text;
using CsCheck;
using DriftGuard.Core.Points;
using DriftGuard.Qdrant.Payloads;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Tests.Payloads;

public class PayloadHashTests
{
    [Fact]
    public void The_hash_is_that_of_the_documented_form()
    {
        var payload = new MapField<string, Value>
        {
            ["b"] = new() { ListValue = new ListValue { Values = { new Value { BoolValue = true }, new Value { NullValue = NullValue.NullValue } } } },
            ["é"] = new() { StringValue = "ü" },
            ["a"] = new() { IntegerValue = 258 },
            ["c"] = new() { DoubleValue = 1 },
        };
        byte[] form =
        [
            (byte)'{', 0, 0, 0, 4,
            0, 0, 0, 1, (byte)'a', (byte)'i', 0, 0, 0, 0, 0, 0, 1, 2,
            0, 0, 0, 1, (byte)'b', (byte)'[', 0, 0, 0, 2, (byte)'t', (byte)'n',
            0, 0, 0, 1, (byte)'c', (byte)'d', 0x3F, 0xF0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 2, 0xC3, 0xA9, (byte)'s', 0, 0, 0, 2, 0xC3, 0xBC,
        ];
        PayloadHash.Of(payload).ShouldBe(Convert.ToHexStringLower(SHA256.HashData(form)));
    }

    [Fact]
    public void The_hash_of_a_payload_never_changes() => PayloadHash.Of(PayloadJson.ToPayload(System.Text.Json.JsonDocument.Parse(
        """{"title":"Ärger","n":-7,"x":0.1,"tags":["a",null,{"deep":false}],"empty":{}}""").RootElement))
        .ShouldBe("3ffea0bb4f357266b96cd4c71e7dae0b4a892fabecbd0f68164fc495028b81f2");

    [Fact]
    public void The_order_of_keys_does_not_matter() => AnyPayload.Gen.Sample(payload =>
        PayloadHash.Of(Reversed(payload)) == PayloadHash.Of(payload));

    [Fact]
    public void The_stamp_does_not_change_what_it_stamps() => AnyPayload.Gen.Sample(payload =>
    {
        var before = PayloadHash.Of(payload);
        StampPayload.Write(payload, new Stamp("fp", "h", before, "vs", Revision.Of(1)));
        return PayloadHash.Of(payload) == before;
    });

    [Fact]
    public void The_hash_survives_the_way_through_JSON() => AnyPayload.Gen.Sample(payload =>
    {
        using var json = System.Text.Json.JsonDocument.Parse(PayloadJson.ToJson(payload));
        return PayloadHash.Of(PayloadJson.ToPayload(json.RootElement)) == PayloadHash.Of(payload);
    });

    [Fact]
    public void Payloads_with_one_hash_are_equal() => Gen.Select(AnyPayload.Gen, AnyPayload.Gen).Sample((a, b) =>
        PayloadHash.Of(a) != PayloadHash.Of(b) || a.Equals(b));

    [Fact]
    public void Keys_are_in_the_byte_order_of_UTF_8_above_the_surrogates_too()
    {
        // In UTF-16 order U+10000 comes before U+FB01, in UTF-8 after it.
        byte[] form = [(byte)'{', 0, 0, 0, 2, 0, 0, 0, 3, .. Encoding.UTF8.GetBytes("\uFB01"), (byte)'t', 0, 0, 0, 4, .. Encoding.UTF8.GetBytes("\U00010000"), (byte)'f'];
        PayloadHash.Of(new MapField<string, Value> { ["\U00010000"] = new() { BoolValue = false }, ["\uFB01"] = new() { BoolValue = true } })
            .ShouldBe(Convert.ToHexStringLower(SHA256.HashData(form)));
    }

    [Fact]
    public void Integers_and_doubles_differ_and_signs_of_zero_do_not()
    {
        Same(new Value { IntegerValue = 1 }, new Value { DoubleValue = 1 }).ShouldBeFalse();
        Same(new Value { DoubleValue = -0.0 }, new Value { DoubleValue = 0.0 }).ShouldBeTrue();
        Same(new Value { StringValue = "1" }, new Value { IntegerValue = 1 }).ShouldBeFalse();
        Same(new Value(), new Value { NullValue = NullValue.NullValue }).ShouldBeTrue();
        Same(new Value { ListValue = new ListValue() }, new Value { StructValue = new Struct() }).ShouldBeFalse();
    }

    [Fact]
    public void A_stamp_key_deeper_inside_is_payload_like_any_other()
    {
        var inner = new Struct { Fields = { ["_driftguard"] = new Value { BoolValue = true } } };
        Same(new Value { StructValue = inner }, new Value { StructValue = new Struct() }).ShouldBeFalse();
    }

    private static bool Same(Value left, Value right) => string.Equals(Of(left), Of(right), StringComparison.Ordinal);

    private static string Of(Value value) => PayloadHash.Of(new MapField<string, Value> { ["k"] = value });

    private static MapField<string, Value> Reversed(MapField<string, Value> payload)
    {
        var reversed = new MapField<string, Value>();
        foreach (var (key, value) in payload.Reverse())
        {
            reversed[key] = value.KindCase == Value.KindOneofCase.StructValue
                ? new Value { StructValue = new Struct { Fields = { Reversed(value.StructValue.Fields) } } }
                : value;
        }
        return reversed;
    }
}
