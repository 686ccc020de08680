using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts.Merging;

namespace DriftGuard.Core.Tests.Rollouts.Merging;

/// <summary>Ids as the state keeps them between a switch and the merge after it.</summary>
public sealed class IdSetTests
{
    private const int Many = 10_000;

    private static readonly PointId[] Numbers = [.. new ulong[] { 0, 1, 2, 127, 128, 70_000, ulong.MaxValue - 1, ulong.MaxValue }.Select(PointId.FromNumber)];

    private static readonly PointId[] Uuids =
    [
        PointId.FirstUuid, PointId.Parse("00000000-0000-0000-0000-000000000001"), PointId.Parse("7fffffff-ffff-ffff-ffff-ffffffffffff"), PointId.Parse("fffffffe-0000-0000-0000-000000000000"), PointId.Last,
    ];

    [Fact]
    public void Numbers_and_uuids_come_back_in_their_order()
    {
        foreach (var ids in new PointId[][] { [], Numbers, Uuids, [.. Numbers, .. Uuids], [Numbers[^1], Uuids[^1]], [Uuids[^1]], [Numbers[0]] })
        {
            IdSet.Read(Written(ids)).ShouldBe(ids);
        }
    }

    [Fact]
    public void Random_sets_come_back_as_they_were()
    {
        var random = new Random(1);
        for (var round = 0; round < 50; round++)
        {
            var numbers = Enumerable.Range(0, random.Next(200)).Select(_ => PointId.FromNumber((ulong)random.NextInt64(1L << random.Next(1, 63))));
            var uuids = Enumerable.Range(0, random.Next(200)).Select(_ => RandomUuid(random));
            PointId[] ids = [.. numbers.Concat(uuids).Distinct().Order()];

            IdSet.Read(Written(ids)).ShouldBe(ids);
        }
    }

    [Fact]
    public void Ids_that_follow_one_another_take_next_to_no_room_and_random_ones_no_more_than_they_are()
    {
        var random = new Random(2);

        Written([.. Enumerable.Range(0, Many).Select(n => PointId.FromNumber((ulong)n))]).Length.ShouldBeLessThan(100);
        Written([.. Enumerable.Range(0, Many).Select(_ => RandomUuid(random)).Distinct().Order()]).Length.ShouldBeLessThan(Many * 17);
    }

    [Fact]
    public void A_full_part_is_taken_and_the_next_one_begins_anew()
    {
        var writer = new IdSetWriter(mostBytes: 20);
        var parts = new List<byte[]>();
        foreach (var id in Numbers.Concat(Uuids))
        {
            if (writer.IsFull)
            {
                parts.Add(writer.Take());
            }

            writer.Add(id);
        }

        parts.Add(writer.Take());
        parts.Count.ShouldBeGreaterThan(2);
        parts.SelectMany(IdSet.Read).ShouldBe(Numbers.Concat(Uuids));
    }

    [Fact]
    public void Ids_out_of_order_are_refused()
    {
        var writer = new IdSetWriter();
        writer.Add(PointId.FromNumber(7));

        Should.Throw<ArgumentException>(() => writer.Add(PointId.FromNumber(6)));
        writer.Add(PointId.FirstUuid);
        Should.Throw<ArgumentException>(() => writer.Add(PointId.FromNumber(8)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("02")]
    [InlineData("0080")]
    [InlineData("010501")]
    public void Damaged_bytes_are_said_to_be_no_set(string hex) =>
        Should.Throw<InvalidDataException>(() => IdSet.Read(Convert.FromHexString(hex)).ToList()).Message.ShouldContain("no set of ids");

    private static PointId RandomUuid(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return PointId.FromUuid(new Guid(bytes));
    }

    private static byte[] Written(PointId[] ids)
    {
        var writer = new IdSetWriter(int.MaxValue);
        Array.ForEach(ids, writer.Add);
        return writer.Take();
    }
}
