using System.Diagnostics;
using DriftGuard.Benchmarks.Copying;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Worker.Models;

namespace DriftGuard.Benchmarks.Planning;

/// <summary>A model that costs nothing and notes when it is asked: where a partition has one text, how the jobs follow each other.</summary>
internal sealed class PulseEmbedder(FreeEmbedder free) : ITextEmbedder
{
    private readonly Lock _noting = new();
    private long? _first;
    private long _latest;

    public ModelSpec Spec => free.Spec;

    public Fingerprint Fingerprint => free.Fingerprint;

    /// <summary>The longest time between two calls that followed each other.</summary>
    public TimeSpan LongestGap { get; private set; }

    /// <summary>From the first call to the last one; null before the first.</summary>
    public TimeSpan? Last => _first is { } first ? Stopwatch.GetElapsedTime(first, _latest) : null;

    public ValueTask<IReadOnlyList<EmbeddingOutcome>> EmbedAsync(IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellation)
    {
        lock (_noting)
        {
            var now = Stopwatch.GetTimestamp();
            var gap = _first is null ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_latest, now);
            LongestGap = gap > LongestGap ? gap : LongestGap;
            (_first, _latest) = (_first ?? now, now);
        }

        return free.EmbedAsync(texts, kind, cancellation);
    }
}
