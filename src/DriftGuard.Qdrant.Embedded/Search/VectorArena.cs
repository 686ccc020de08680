using System.Numerics;
using System.Runtime.CompilerServices;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Search;

/// <summary>Asked of a slot whose vector is near enough; each worker of a scan has its own.</summary>
internal interface ISlotFilter
{
    bool Accepts(int slot);
}

/// <summary>
/// The vectors of one name, by slot, in contiguous memory: chunks of about 4 MB, so that the arena grows without copying and a scan reads
/// straight through. Not synchronised: the collection's lock covers it.
/// </summary>
internal sealed class VectorArena
{
    private const int ChunkBytes = 4 << 20;
    private const int MaxSlotsPerChunk = 1024;

    /// <summary>Below this many floats (4 MB) a scan ends before a second thread is of use.</summary>
    private const long ParallelFrom = 1 << 20;

    private readonly int _shift;
    private Chunk?[] _chunks = [];

    public VectorArena(int dimension)
    {
        Dimension = dimension;
        var slots = Math.Clamp(ChunkBytes / (dimension * sizeof(float)), 1, MaxSlotsPerChunk);
        _shift = BitOperations.Log2((uint)slots);
    }

    public int Dimension { get; }

    /// <summary>How many slots hold a vector.</summary>
    public int Count { get; private set; }

    private int SlotsPerChunk => 1 << _shift;

    public bool Has(int slot) => slot >> _shift < _chunks.Length && _chunks[slot >> _shift] is { } chunk && chunk.Has(slot & (SlotsPerChunk - 1));

    /// <summary>The vector of a slot that has one.</summary>
    public ReadOnlySpan<float> this[int slot] => _chunks[slot >> _shift]!.Vector(slot & (SlotsPerChunk - 1), Dimension);

    public void Set(int slot, ReadOnlySpan<float> vector)
    {
        var index = slot >> _shift;
        if (index >= _chunks.Length) Array.Resize(ref _chunks, Math.Max(index + 1, _chunks.Length * 2));
        var chunk = _chunks[index] ??= new Chunk(SlotsPerChunk, Dimension);
        var within = slot & (SlotsPerChunk - 1);
        vector.CopyTo(chunk.Vector(within, Dimension));
        if (chunk.Mark(within)) Count++;
    }

    public void Clear(int slot)
    {
        if (!Has(slot)) return;
        _chunks[slot >> _shift]!.Unmark(slot & (SlotsPerChunk - 1));
        Count--;
    }

    /// <summary>
    /// The exact nearest neighbours among all slots, or among those that the filter accepts. A filter is asked only of slots that would
    /// enter the answer, so that it costs little however dear it is.
    /// </summary>
    /// <param name="query">As stored: normalised for cosine.</param>
    /// <param name="distance">Decides the metric.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="threshold">Score that must be passed, or null.</param>
    /// <param name="filters">Makes a filter for one worker, or null for none.</param>
    /// <param name="threads">Workers at most; small scans take one.</param>
    public Hit[] Search(
        ReadOnlyMemory<float> query, Distance distance, int limit, float? threshold = null, Func<ISlotFilter>? filters = null, int threads = 1)
    {
        var scan = new Scan(query, distance, limit, threshold, filters);
        return (distance switch
        {
            Distance.Euclid => Search<EuclidMetric>(scan, threads),
            Distance.Manhattan => Search<ManhattanMetric>(scan, threads),
            _ => Search<DotMetric>(scan, threads),
        }).ToSorted();
    }

    /// <summary>The nearest among the given slots.</summary>
    public Hit[] SearchAmong(IEnumerable<int> slots, ReadOnlyMemory<float> query, Distance distance, int limit, float? threshold, ISlotFilter filter)
    {
        var best = new TopK(limit);
        foreach (var slot in slots)
        {
            if (!Has(slot)) continue;
            var hit = new Hit(slot, Nearness(distance, query.Span, this[slot]));
            if (best.WouldKeep(hit) && (threshold is not { } least || distance.Passes(hit.Nearness, least)) && filter.Accepts(slot)) best.Add(hit);
        }

        return best.ToSorted();
    }

    private static float Nearness(Distance distance, ReadOnlySpan<float> a, ReadOnlySpan<float> b) => distance switch
    {
        Distance.Euclid => EuclidMetric.Nearness(a, b),
        Distance.Manhattan => ManhattanMetric.Nearness(a, b),
        _ => DotMetric.Nearness(a, b),
    };

    private TopK Search<TMetric>(Scan scan, int threads) where TMetric : struct, IMetric
    {
        var workers = (long)Count * Dimension < ParallelFrom ? 1 : Math.Clamp(threads, 1, _chunks.Length);
        var found = new TopK[workers];
        if (workers == 1) found[0] = ScanChunks<TMetric>(scan, 0, _chunks.Length);
        else
        {
            Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, worker =>
                found[worker] = ScanChunks<TMetric>(
                    scan, (int)((long)_chunks.Length * worker / workers), (int)((long)_chunks.Length * (worker + 1) / workers)));
        }

        for (var worker = 1; worker < workers; worker++) found[0].Add(found[worker]);
        return found[0];
    }

    private TopK ScanChunks<TMetric>(Scan scan, int from, int to) where TMetric : struct, IMetric
    {
        var best = new TopK(scan.Limit);
        var filter = scan.Filters?.Invoke();
        for (var index = from; index < to; index++)
            if (_chunks[index] is { } chunk) ScanChunk<TMetric>(chunk, index << _shift, scan, best, filter);
        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScanChunk<TMetric>(Chunk chunk, int firstSlot, Scan scan, TopK best, ISlotFilter? filter) where TMetric : struct, IMetric
    {
        var query = scan.Query.Span;
        for (var within = 0; within < chunk.Used; within++)
        {
            if (!chunk.Has(within)) continue;
            var hit = new Hit(firstSlot + within, TMetric.Nearness(query, chunk.Vector(within, Dimension)));
            if (best.WouldKeep(hit)
                && (scan.Threshold is not { } least || scan.Distance.Passes(hit.Nearness, least))
                && (filter is null || filter.Accepts(hit.Slot)))
                best.Add(hit);
        }
    }

    private sealed record Scan(ReadOnlyMemory<float> Query, Distance Distance, int Limit, float? Threshold, Func<ISlotFilter>? Filters);

    private sealed class Chunk(int slots, int dimension)
    {
        private readonly float[] _values = GC.AllocateUninitializedArray<float>(slots * dimension);
        private readonly ulong[] _marks = new ulong[(slots + 63) / 64];

        /// <summary>One more than the highest slot ever marked.</summary>
        public int Used { get; private set; }

        public bool Has(int within) => (_marks[within >> 6] >> within & 1) != 0;

        public Span<float> Vector(int within, int dimension) => _values.AsSpan(within * dimension, dimension);

        public bool Mark(int within)
        {
            Used = Math.Max(Used, within + 1);
            var added = !Has(within);
            _marks[within >> 6] |= 1UL << within;
            return added;
        }

        public void Unmark(int within) => _marks[within >> 6] &= ~(1UL << within);
    }
}
