using DriftGuard.Qdrant.Embedded.Payloads;
using DriftGuard.Qdrant.Embedded.Wire;
using Grpc.Core;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Tests.Payloads;

/// <summary>What is stored can be read again, by every parser with protobuf's usual limit of 100 levels.</summary>
public sealed class PayloadDepthTests
{
    [Theory]
    [InlineData(32, 0, true)]
    [InlineData(33, 0, false)]
    [InlineData(0, 48, true)]
    [InlineData(0, 49, false)]
    [InlineData(30, 3, true)]
    [InlineData(30, 4, false)]
    public async Task The_deepest_payload_that_is_taken_is_read_back_in_the_deepest_answer(int objects, int lists, bool taken)
    {
        await using var server = await TestServer.StartAsync();
        await server.Client.CreateAsync("docs", 2);
        var point = Api.Point(1, [1, 2]);
        point.Payload["deep"] = Nested(objects, lists);

        if (!taken)
        {
            var refusal = await Should.ThrowAsync<RpcException>(() => server.Client.UpsertAsync("docs", point));
            refusal.StatusCode.ShouldBe(StatusCode.InvalidArgument);
            refusal.Status.Detail.ShouldContain("nested too deep");
            return;
        }

        await server.Client.UpsertAsync("docs", point);
        var query = new QueryPoints { CollectionName = "docs", WithPayload = new WithPayloadSelector { Enable = true } };
        var answer = await server.Client.CallAsync<QueryBatchResponse>("Points", "QueryBatch", new QueryBatchPoints { CollectionName = "docs", QueryPoints = { query } });
        answer.Result[0].Result[0].Payload.ShouldBe(point.Payload);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(40)]
    [InlineData(100_000)]
    public async Task A_payload_that_a_path_would_make_too_deep_stays_as_it_was(int steps)
    {
        await using var server = await TestServer.StartAsync();
        await server.Client.CreateAsync("docs", 2);
        await server.Client.UpsertAsync("docs", Api.Point(1, [1, 2], ("n", 1)));
        var set = new SetPayloadPoints
        {
            CollectionName = "docs",
            Wait = true,
            Key = "deep" + string.Concat(Enumerable.Repeat(".k", steps)),
            PointsSelector = new PointsSelector { Points = new PointsIdsList { Ids = { new PointId { Num = 1 } } } },
            Payload = { ["below"] = Nested(20, 0) },
        };

        var refusal = await Should.ThrowAsync<RpcException>(() => server.Client.CallAsync<PointsOperationResponse>("Points", "SetPayload", set));

        refusal.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await server.Client.ScrollAsync("docs")).Result.ShouldHaveSingleItem().Payload.Keys.ShouldBe(["n"]);
    }

    /// <summary>Each is the bytes of a payload's map entry. A number 0 in the place of a length reads as an empty one.</summary>
    [Theory]
    [InlineData("08 00", "the key is a number")]
    [InlineData("0A 01 61 10 00", "the value is a number")]
    [InlineData("0A 01 61 12 04 32 02 08 00", "an object's entry is a number")]
    [InlineData("0A 01 61 12 06 32 04 0A 02 08 00", "an object's key is a number")]
    [InlineData("0A 01 61 12 06 32 04 0A 02 10 00", "an object's value is a number")]
    [InlineData("0A 01 61 12 04 3A 02 08 00", "a list's element is a number")]
    [InlineData("0A 01 61 02 00", "a field has the number 0")]
    public void A_field_in_another_wire_type_than_its_own_is_refused(string entry, string why)
    {
        var bytes = Convert.FromHexString(entry.Replace(" ", "", StringComparison.Ordinal));
        using var point = new WireWriter();
        point.Open(3, bytes.Length);
        point.Raw(bytes);

        Should.Throw<RpcException>(() => PayloadBytes.FromRequest(point.Written, 3), why).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    private static Value Nested(int objects, int lists)
    {
        var value = new Value { IntegerValue = 1 };
        for (var i = 0; i < lists; i++) value = new Value { ListValue = new ListValue { Values = { value } } };
        for (var i = 0; i < objects; i++) value = new Value { StructValue = new Struct { Fields = { ["k"] = value } } };
        return value;
    }
}
