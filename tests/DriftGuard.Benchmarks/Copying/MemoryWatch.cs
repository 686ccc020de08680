using System.Diagnostics;

namespace DriftGuard.Benchmarks.Copying;

/// <summary>Memory of a process that copied.</summary>
/// <param name="Points">Points copied.</param>
/// <param name="PeakHeapBytes">Most that the managed heap held, garbage included, looked at every few milliseconds.</param>
/// <param name="LiveHeapBytes">What a full collection left of it at the end.</param>
/// <param name="PeakWorkingSetBytes">Most memory that the process had, as the operating system counts it.</param>
internal sealed record MemoryFigures(long Points, long PeakHeapBytes, long LiveHeapBytes, long PeakWorkingSetBytes);

/// <summary>Watches this process' memory from its making on.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);
    private readonly Timer _timer;
    private long _peakHeap;

    public MemoryWatch() => _timer = new(_ => Look(), state: null, TimeSpan.Zero, Interval);

    public MemoryFigures Figures(long points)
    {
        using var process = Process.GetCurrentProcess();
        return new(points, _peakHeap, GC.GetTotalMemory(forceFullCollection: true), process.PeakWorkingSet64);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Look() => _peakHeap = Math.Max(_peakHeap, GC.GetTotalMemory(forceFullCollection: false));
}
