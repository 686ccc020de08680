using DriftGuard.Qdrant.Embedded.Points;

namespace DriftGuard.Qdrant.Embedded.Tests.Points;

public sealed class OrderedIdsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_adds_and_removes_leave_the_order_of_a_sorted_dictionary(int seed)
    {
        var random = new Random(seed);
        var ids = new OrderedIds();
        var expected = new SortedDictionary<PointKey, int>();
        for (var i = 0; i < 20_000; i++)
        {
            var key = random.Next(2) == 0 ? PointKey.Of((ulong)random.Next(8_000)) : PointKey.Of(new Guid(random.Next(8_000), 0, 0, new byte[8]));
            if (expected.Remove(key)) ids.Remove(key);
            else
            {
                ids.Add(key, i);
                expected.Add(key, i);
            }
        }

        Walk(ids, from: null).ShouldBe(expected.Select(entry => (entry.Key, entry.Value)));
        var start = PointKey.Of((ulong)random.Next(8_000));
        Walk(ids, start).ShouldBe(expected.Where(entry => entry.Key.CompareTo(start) >= 0).Select(entry => (entry.Key, entry.Value)));
    }

    [Fact]
    public void Ids_added_in_order_come_in_order_and_a_start_past_the_last_gives_none()
    {
        var ids = new OrderedIds();
        for (ulong id = 0; id < 5_000; id++) ids.Add(PointKey.Of(id), (int)id);

        Walk(ids, from: null).Select(entry => entry.Slot).ShouldBe(Enumerable.Range(0, 5_000));
        Walk(ids, PointKey.Of(5_000UL)).ShouldBeEmpty();
    }

    [Fact]
    public void Numbers_come_before_UUIDs_and_UUIDs_by_their_big_endian_value()
    {
        PointKey[] ordered =
        [
            PointKey.Of(0UL), PointKey.Of(ulong.MaxValue), PointKey.Parse("00000000-0000-0000-0000-000000000001"),
            PointKey.Parse("0b0f0c4e-5d0a-4c61-9a3d-0c8a6f6e1a01"), PointKey.Parse("ff000000-0000-0000-0000-000000000000"),
        ];

        ordered.Reverse().Order().ShouldBe(ordered);
    }

    [Theory]
    [InlineData("7F3C2A10-1111-4222-8333-444455556666")]
    [InlineData("7f3c2a10111142228333444455556666")]
    [InlineData("{7f3c2a10-1111-4222-8333-444455556666}")]
    [InlineData("urn:uuid:7f3c2a10-1111-4222-8333-444455556666")]
    public void Every_form_of_a_UUID_is_one_id_that_is_shown_hyphenated_in_lower_case(string form)
    {
        var key = PointKey.Parse(form);
        Span<byte> stored = stackalloc byte[16];
        key.Store(stored);

        key.ToString().ShouldBe("7f3c2a10-1111-4222-8333-444455556666");
        PointKey.FromStored(stored).ShouldBe(key);
    }

    private static List<(PointKey Key, int Slot)> Walk(OrderedIds ids, PointKey? from)
    {
        var walked = new List<(PointKey, int)>();
        ids.Walk(from, (key, slot) =>
        {
            walked.Add((key, slot));
            return true;
        });
        return walked;
    }
}
