using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Onnx;

namespace DriftGuard.Embedding.Inference;

/// <summary>A model in the process: its texts, the sessions that are its own, and how these find their settings.</summary>
internal sealed class EmbeddingPipeline(OnnxModel model, EmbeddingModelOptions options) : IEmbeddingEngine
{
    private readonly TextPipeline _texts = new(model.Text, model.Crew, options);

    public OnnxModel Model => model;

    public string Description => $"{model.Provider}, {model.Tuning.Current}";

    public InferenceTuning Tuning => model.Tuning.Current;

    public bool IsDynamicallyQuantised => model.IsDynamicallyQuantised;

    public Task TuneAsync(CancellationToken cancellationToken) => model.Tuning.MeasureAsync(cancellationToken);

    public async Task<EmbeddingOutcome[]> EmbedAsync(IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellationToken)
    {
        if (_texts.IsBulk(texts.Count))
            await model.Tuning.BeforeBulkAsync(texts.Count, cancellationToken).ConfigureAwait(false);
        return await _texts.EmbedAsync(texts, kind, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        model.Crew.Dispose();
        model.Tuning.Dispose();
    }
}
