using CsCheck;
using DriftGuard.Core.Points;

namespace DriftGuard.Core.Tests.Points;

public class PointIdTests
{
    private static readonly Gen<PointId> AnyId = Gen.OneOf(
        Gen.ULong.Select(PointId.FromNumber),
        Gen.ULong[0, 3].Select(PointId.FromNumber),
        Gen.Guid.Select(PointId.FromUuid));

    [Fact]
    public void Numbers_come_first_and_then_UUIDs_by_their_bytes()
    {
        PointId[] inOrder =
        [
            PointId.First,
            PointId.FromNumber(1),
            PointId.FromNumber(10),
            PointId.FromNumber(ulong.MaxValue),
            PointId.FirstUuid,
            PointId.Parse("00000000-0000-0000-0000-0000000000ff"),
            PointId.Parse("00000001-0000-0000-0000-000000000000"),
            PointId.Parse("01000000-0000-0000-0000-000000000000"),
            PointId.Parse("7fffffff-0000-0000-0000-000000000000"),
            PointId.Parse("80000000-0000-0000-0000-000000000000"),
            PointId.Last,
        ];
        inOrder.Reverse().Order().ShouldBe(inOrder);
        for (var i = 1; i < inOrder.Length; i++)
        {
            (inOrder[i - 1] < inOrder[i]).ShouldBeTrue();
            (inOrder[i] >= inOrder[i - 1]).ShouldBeTrue();
        }
    }

    [Fact]
    public void The_order_of_UUIDs_is_that_of_their_texts() =>
        Gen.Select(Gen.Guid, Gen.Guid).Sample((a, b) =>
            Math.Sign(PointId.FromUuid(a).CompareTo(PointId.FromUuid(b))) == Math.Sign(string.CompareOrdinal(a.ToString(), b.ToString())));

    [Fact]
    public void Order_and_equality_agree() =>
        Gen.Select(AnyId, AnyId).Sample((a, b) => (a.CompareTo(b) == 0) == (a == b) && a.CompareTo(b) == -b.CompareTo(a));

    [Fact]
    public void What_is_written_is_read_back() =>
        AnyId.Sample(id => PointId.Parse(id.ToString()) == id && PointId.FromText(id.ToString()) == id);

    [Fact]
    public void A_number_and_a_UUID_of_the_same_value_differ() => PointId.FromNumber(0).ShouldNotBe(PointId.FirstUuid);

    [Fact]
    public void Nothing_lies_between_an_id_and_the_next()
    {
        PointId.FromNumber(ulong.MaxValue).TryNext(out var border).ShouldBeTrue();
        border.ShouldBe(PointId.FirstUuid);
        PointId.FromNumber(7).TryNext(out var next).ShouldBeTrue();
        next.ShouldBe(PointId.FromNumber(8));
        PointId.Parse("00000000-0000-0000-ffff-ffffffffffff").TryNext(out next).ShouldBeTrue();
        next.ShouldBe(PointId.Parse("00000000-0000-0001-0000-000000000000"));
        PointId.Last.TryNext(out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("550E8400-E29B-41D4-A716-446655440000")]
    [InlineData("550e8400e29b41d4a716446655440000")]
    [InlineData("{550e8400-e29b-41d4-a716-446655440000}")]
    [InlineData("urn:uuid:550e8400-e29b-41d4-a716-446655440000")]
    public void A_UUID_stays_itself_in_each_form_that_Qdrant_reads(string text) =>
        PointId.FromText(text).ToString().ShouldBe("550e8400-e29b-41d4-a716-446655440000");

    [Theory]
    [InlineData("0", 0ul)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    public void A_decimal_number_stays_itself(string text, ulong number) => PointId.FromText(text).Number.ShouldBe(number);

    [Theory]
    [InlineData("007")]
    [InlineData("00")]
    [InlineData("+7")]
    [InlineData("-1")]
    [InlineData(" 7")]
    [InlineData("7 ")]
    [InlineData("18446744073709551616")]
    [InlineData("1.0")]
    [InlineData("doc-7")]
    [InlineData("(550e8400-e29b-41d4-a716-446655440000)")]
    [InlineData("")]
    public void Any_other_text_is_no_point_id(string text)
    {
        PointId.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => PointId.Parse(text)).Message.ShouldContain($"'{text}'");
    }

    [Fact]
    public void A_number_has_no_UUID_and_a_UUID_no_number()
    {
        Should.Throw<InvalidOperationException>(() => PointId.FromNumber(3).Uuid).Message.ShouldContain("3");
        Should.Throw<InvalidOperationException>(() => PointId.Last.Number);
        PointId.Last.Uuid.ToString().ShouldBe("ffffffff-ffff-ffff-ffff-ffffffffffff");
    }
}
