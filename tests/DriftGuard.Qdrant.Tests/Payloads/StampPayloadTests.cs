using DriftGuard.Core.Points;
using DriftGuard.Qdrant.Payloads;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Tests.Payloads;

public class StampPayloadTests
{
    private static readonly Stamp Whole = new("fp1", "hash", "payload-hash", "sketch", Revision.Of(3, 9));

    [Fact]
    public void A_stamp_comes_back_as_it_was_with_and_without_a_nonce()
    {
        foreach (var stamp in new[] { Whole, Whole with { Pending = "n1" } })
        {
            var payload = new MapField<string, Value> { ["text"] = new() { StringValue = "kept" } };
            StampPayload.Write(payload, stamp);
            StampPayload.Read(payload).ShouldBe(stamp);
            payload["text"].StringValue.ShouldBe("kept");
            StampPayload.Read(StampPayload.Alone(stamp)).ShouldBe(stamp);
        }
    }

    [Fact]
    public void The_stamp_has_the_keys_of_the_protocol() =>
        PayloadJson.ToJson(StampPayload.Alone(Whole)).ShouldBe(
            """{"_driftguard":{"fp":"fp1","h":"hash","ph":"payload-hash","r":12884901897,"vs":"sketch"}}""");

    [Fact]
    public void A_new_stamp_replaces_the_old_one_whole()
    {
        var payload = StampPayload.Alone(Whole with { Pending = "n1" });
        StampPayload.Write(payload, Whole);
        StampPayload.Read(payload)!.Pending.ShouldBeNull();
    }

    [Theory]
    [InlineData("fp")]
    [InlineData("h")]
    [InlineData("ph")]
    [InlineData("vs")]
    [InlineData("r")]
    public void A_stamp_that_is_not_whole_is_none(string missing)
    {
        var payload = StampPayload.Alone(Whole);
        payload["_driftguard"].StructValue.Fields.Remove(missing);
        StampPayload.Read(payload).ShouldBeNull();
    }

    [Fact]
    public void A_payload_without_a_stamp_or_with_something_else_in_its_place_has_none()
    {
        StampPayload.Read([]).ShouldBeNull();
        StampPayload.Read(new MapField<string, Value> { ["_driftguard"] = new() { StringValue = "mine" } }).ShouldBeNull();
        var wrong = StampPayload.Alone(Whole);
        wrong["_driftguard"].StructValue.Fields["r"] = new Value { IntegerValue = -1 };
        StampPayload.Read(wrong).ShouldBeNull();
    }
}
