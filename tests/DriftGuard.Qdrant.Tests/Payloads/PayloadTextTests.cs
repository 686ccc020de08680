using System.Text.Json;
using DriftGuard.Qdrant.Payloads;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Tests.Payloads;

public class PayloadTextTests
{
    private static readonly MapField<string, Value> Payload = PayloadJson.ToPayload(JsonDocument.Parse(
        """{"title":"T","body":"B","n":1,"page":{"title":"inside","deep":{"x":"y"}},"page.dotted":"by its very name","empty":""}""").RootElement);

    [Theory]
    [InlineData("title", "T")]
    [InlineData("page.title", "inside")]
    [InlineData("page.deep.x", "y")]
    [InlineData("page.dotted", "by its very name")]
    [InlineData("empty", "")]
    [InlineData("n", null)]
    [InlineData("page", null)]
    [InlineData("absent", null)]
    [InlineData("title.more", null)]
    public void The_text_of_a_field_is_found_by_name_or_path(string field, string? expected) => PayloadText.Of(Payload, field).ShouldBe(expected);

    [Fact]
    public void Several_fields_are_joined_in_the_given_order_and_missing_ones_left_out()
    {
        PayloadText.Join(Payload, ["body", "absent", "title"]).ShouldBe("B\nT");
        PayloadText.Join(Payload, ["title"]).ShouldBe("T");
        PayloadText.Join(Payload, ["absent", "n"]).ShouldBeNull();
    }
}
