using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.State;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Drift.Checks;

/// <summary>What a check may have embedded today through providers is spent.</summary>
/// <param name="message">For people.</param>
internal sealed class DriftBudgetException(string message) : Exception(message);

/// <summary>What models did for a check.</summary>
internal sealed class EmbeddingMeter(StateStore state, TimeProvider time, long? textsPerDay)
{
    private long texts, ticks;

    /// <summary>Texts that were embedded.</summary>
    public long Texts => Interlocked.Read(ref texts);

    /// <summary>How long the models were waited for, in milliseconds.</summary>
    public double Milliseconds => TimeSpan.FromTicks(Interlocked.Read(ref ticks)).TotalMilliseconds;

    /// <summary>Takes texts from what a provider may embed today; models in the process are free.</summary>
    /// <exception cref="DriftBudgetException">It is spent.</exception>
    public async Task TakeAsync(ModelSpec spec, int count, CancellationToken cancellation)
    {
        if (spec.Provider == ModelSpec.OnnxProvider)
        {
            return;
        }

        var day = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (!await state.TryTakeDriftBudgetAsync(spec.Name, day, count, textsPerDay ?? long.MaxValue, cancellation))
        {
            throw new DriftBudgetException(FormattableString.Invariant(
                $"the {textsPerDay} texts that checks may embed through model '{spec.Name}' a day are spent, and {count} more are needed: see drift.providerTextsPerDay"));
        }
    }

    /// <summary>Embeds and counts it.</summary>
    public async ValueTask<IReadOnlyList<EmbeddingOutcome>> TimedAsync(int count, Func<ValueTask<IReadOnlyList<EmbeddingOutcome>>> embed)
    {
        var began = time.GetTimestamp();
        try
        {
            return await embed();
        }
        finally
        {
            Interlocked.Add(ref texts, count);
            Interlocked.Add(ref ticks, time.GetElapsedTime(began).Ticks);
        }
    }

    /// <summary>A model under this meter.</summary>
    public ITextEmbedder Meter(ITextEmbedder model) => new MeteredEmbedder(model, this);

    private sealed class MeteredEmbedder(ITextEmbedder model, EmbeddingMeter meter) : DelegatingEmbedder(model)
    {
        public override async ValueTask<IReadOnlyList<EmbeddingOutcome>> EmbedAsync(IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellation)
        {
            await meter.TakeAsync(Model.Spec, texts.Count, cancellation);
            return await meter.TimedAsync(texts.Count, () => Model.EmbedAsync(texts, kind, cancellation));
        }
    }
}
