using DriftGuard.Benchmarks.Copying;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Worker.Models;

namespace DriftGuard.Benchmarks.Workers;

/// <summary>A model that takes the same time for every batch and no processor: batches wait for each other, as for a session that all cores serve.</summary>
internal sealed class SlowEmbedder(TimeSpan batchTime) : ITextEmbedder, IDisposable
{
    private readonly FreeEmbedder _free = SeededRollout.NewModel();
    private readonly SemaphoreSlim _one = new(1);

    public ModelSpec Spec => _free.Spec;

    public Fingerprint Fingerprint => _free.Fingerprint;

    public async ValueTask<IReadOnlyList<EmbeddingOutcome>> EmbedAsync(IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            await Task.Delay(batchTime, cancellation);
            return await _free.EmbedAsync(texts, kind, cancellation);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
