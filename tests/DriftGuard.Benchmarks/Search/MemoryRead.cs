extern alias embedded;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using embedded::DriftGuard.Qdrant.Embedded.Search;

namespace DriftGuard.Benchmarks.Search;

/// <summary>Reads each float of an arena once and adds it up: the least that any exact search has to do.</summary>
internal static class MemoryRead
{
    /// <summary>Long enough that the calls do not count, and each within one chunk of the arena.</summary>
    private const int SlotsARead = 512;

    public static float Sum(VectorArena arena, int slots, int threads)
    {
        var sums = new float[threads];
        if (threads == 1)
        {
            return Part(arena, 0, slots);
        }

        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
            sums[thread] = Part(arena, Border(slots, thread, threads), Border(slots, thread + 1, threads)));
        return sums.Sum();
    }

    private static int Border(int slots, int thread, int threads) =>
        thread == threads ? slots : (int)((long)slots * thread / threads) / SlotsARead * SlotsARead;

    private static float Part(VectorArena arena, int from, int to)
    {
        var sum = 0f;
        for (var slot = from; slot < to; slot += SlotsARead)
        {
            sum += TensorPrimitives.Sum(Vectors(arena, slot, Math.Min(SlotsARead, to - slot)));
        }

        return sum;
    }

    /// <summary>The vectors of slots that follow each other: within a chunk, and a chunk holds a multiple of <see cref="SlotsARead"/>, they are one array.</summary>
    private static ReadOnlySpan<float> Vectors(VectorArena arena, int slot, int count) =>
        MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetReference(arena[slot]), count * arena.Dimension);
}
