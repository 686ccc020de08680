using DriftGuard.Qdrant.Embedded.Search;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Tests.Search;

public sealed class VectorArenaTests
{
    [Theory]
    [InlineData("Cosine", 1)]
    [InlineData("Dot", 2)]
    [InlineData("Euclid", 2)]
    [InlineData("Manhattan", 2)]
    public void Search_finds_what_a_plain_loop_finds(string name, int threads)
    {
        var distance = Enum.Parse<Distance>(name);
        const int size = 129, count = 12_000; // several chunks, more than a single thread's worth, and no multiple of a SIMD register
        var random = new Random(7);
        var arena = new VectorArena(size);
        var vectors = new Dictionary<int, float[]>();
        for (var slot = 0; slot < count; slot++)
        {
            var vector = Random(random, size);
            distance.Prepare(vector);
            arena.Set(slot, vector);
            vectors[slot] = vector;
        }

        foreach (var slot in Enumerable.Range(0, count).Where(slot => slot % 7 == 0))
        {
            arena.Clear(slot);
            vectors.Remove(slot);
        }

        var query = Random(random, size);
        distance.Prepare(query);
        var hits = arena.Search(query, distance, 25, filters: () => new Odd(), threads: threads);

        var expected = vectors.Where(entry => entry.Key % 2 == 1).Select(entry => (entry.Key, Nearness: Plain(distance, query, entry.Value)))
            .OrderByDescending(entry => entry.Nearness).Take(25).ToArray();
        arena.Count.ShouldBe(vectors.Count);
        hits.Select(hit => hit.Slot).ShouldBe(expected.Select(entry => entry.Key));
        hits.Zip(expected).ShouldAllBe(pair => Math.Abs(pair.First.Nearness - pair.Second.Nearness) < 1e-3);
    }

    [Fact]
    public void Slots_far_apart_take_only_the_chunks_between_that_hold_vectors()
    {
        var arena = new VectorArena(4);
        arena.Set(1_000_000, [1, 2, 3, 4]);
        arena.Set(3, [4, 3, 2, 1]);

        arena.Has(500_000).ShouldBeFalse();
        arena[1_000_000].ToArray().ShouldBe([1f, 2f, 3f, 4f]);
        arena.Search(new float[] { 1, 0, 0, 0 }, Distance.Dot, 5).Select(hit => hit.Slot).ShouldBe([3, 1_000_000]);
    }

    [Fact]
    public void A_threshold_is_to_be_passed_not_met()
    {
        var arena = new VectorArena(1);
        for (var slot = 0; slot < 4; slot++) arena.Set(slot, [slot]);

        arena.Search(new float[] { 1 }, Distance.Dot, 9, threshold: 2).Select(hit => hit.Slot).ShouldBe([3]);
        arena.Search(new float[] { 0 }, Distance.Euclid, 9, threshold: 2).Select(hit => hit.Slot).ShouldBe([0, 1]);
    }

    [Fact]
    public void Hits_come_nearest_first_NaN_before_all_and_ties_by_slot()
    {
        var best = new TopK(4);
        foreach (var hit in new Hit[] { new(5, 1), new(2, 3), new(9, float.NaN), new(1, 3), new(7, -1), new(8, 2) }) best.Add(hit);

        best.ToSorted().Select(hit => hit.Slot).ShouldBe([9, 1, 2, 8]);
        best.WouldKeep(new Hit(0, 2)).ShouldBeTrue();
        best.WouldKeep(new Hit(10, 2)).ShouldBeFalse();
    }

    private static float[] Random(Random random, int size) => [.. Enumerable.Range(0, size).Select(_ => (float)(random.NextDouble() - .5))];

    private static double Plain(Distance distance, float[] a, float[] b) => distance switch
    {
        Distance.Euclid => -Math.Sqrt(a.Zip(b, (x, y) => ((double)x - y) * ((double)x - y)).Sum()),
        Distance.Manhattan => -a.Zip(b, (x, y) => Math.Abs((double)x - y)).Sum(),
        _ => a.Zip(b, (x, y) => (double)x * y).Sum(),
    };

    private sealed class Odd : ISlotFilter
    {
        public bool Accepts(int slot) => slot % 2 == 1;
    }
}
