using DriftGuard.Core.Points;

namespace DriftGuard.Core.Tests.Points;

public class TextIdTests
{
    // From an independent implementation: Python's uuid.uuid5(TextId.Namespace, text).
    [Theory]
    [InlineData("doc-7", "1f29c709-9a77-5ebf-8321-72bc0d44c244")]
    [InlineData("007", "0830d5bc-b29c-53b8-8bcd-e970284bbda6")]
    [InlineData("Ärger", "044d96c2-dd12-5c30-be19-1a861be7c1f8")]
    [InlineData("\U0001F600", "c3285f3e-320e-5413-a84e-675f1f692c5f")]
    [InlineData(" x ", "fe4ebcf4-3e20-5f8a-90f3-8b9a19e308c1")]
    public void A_text_id_has_its_UUIDv5_for_ever(string text, string uuid)
    {
        TextId.ToUuid(text).ToString().ShouldBe(uuid);
        PointId.FromText(text).ShouldBe(PointId.Parse(uuid));
    }

    [Fact]
    public void Text_ids_are_compared_as_they_are_without_normalisation() =>
        TextId.ToUuid("A\u030a").ShouldNotBe(TextId.ToUuid("\u00c5"));

    [Fact]
    public void Empty_text_and_lone_surrogates_are_refused()
    {
        Should.Throw<ArgumentException>(() => PointId.FromText(""));
        Should.Throw<ArgumentException>(() => PointId.FromText("cut \uD83D"));
    }
}
