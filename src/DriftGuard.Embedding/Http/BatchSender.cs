using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Inference;

namespace DriftGuard.Embedding.Http;

/// <summary>
/// Sends the texts of one call, in halves where they are refused together, so that one text that is refused takes no neighbour with it.
/// A refusal that a harmless text gets as well is not about texts: it ends the call.
/// </summary>
internal sealed class BatchSender(HttpModel model, InputKind kind)
{
    private const string HarmlessText = "a";

    private volatile bool _anyIsTaken;

    /// <summary>Writes what became of each text.</summary>
    /// <exception cref="EmbeddingProviderException">The provider cannot be used.</exception>
    public async Task SendAsync(IReadOnlyList<PreparedText> texts, CancellationToken cancellation)
    {
        await model.Info.MostTextsAsync(cancellation);
        float[][] vectors;
        try
        {
            vectors = await model.Client.EmbedAsync([.. texts.Select(t => t.Text)], texts.Sum(t => t.Tokens), kind, cancellation);
        }
        catch (EmbeddingProviderException e) when (e.Refusal != Refusal.None)
        {
            await HandleAsync(texts, e, cancellation);
            return;
        }
        catch (EmbeddingProviderException)
        {
            model.Info.Doubt();
            throw;
        }

        // A server that was started again meanwhile may have answered with another model. Of what is stored it must be known; a search may
        // be wrong for as long as the last look holds.
        await (kind == InputKind.Document ? model.Info.ConfirmAsync(cancellation) : model.Info.MostTextsAsync(cancellation));
        _anyIsTaken = true;
        for (var i = 0; i < vectors.Length; i++)
            Write(texts[i], vectors[i]);
    }

    private async Task HandleAsync(IReadOnlyList<PreparedText> texts, EmbeddingProviderException refusal, CancellationToken cancellation)
    {
        if (texts.Count > 1)
        {
            Log.Halved(model.Logger, refusal.Address, texts.Count, refusal.Reason);
            await SendAsync([.. texts.Take(texts.Count / 2)], cancellation);
            await SendAsync([.. texts.Skip(texts.Count / 2)], cancellation);
            return;
        }

        if (refusal.Refusal == Refusal.TooLarge)
        {
            texts[0].Destination[texts[0].Index] = EmbeddingOutcome.Failed(EmbeddingFailures.RefusedAsTooLong(refusal.Reason), overLong: true);
            return;
        }

        await EnsureIsAboutTheTextAsync(refusal, cancellation);
        texts[0].Fail(EmbeddingFailures.Refused(refusal.Reason));
    }

    private async Task EnsureIsAboutTheTextAsync(EmbeddingProviderException refusal, CancellationToken cancellation)
    {
        if (_anyIsTaken)
            return;
        try
        {
            var text = model.Spec.PrefixOf(kind) + HarmlessText;
            await model.Client.EmbedAsync([text], TextPreparer.Estimate(text), kind, cancellation);
            _anyIsTaken = true;
        }
        catch (EmbeddingProviderException e) when (e.Refusal != Refusal.None)
        {
            throw new EmbeddingProviderException(refusal.Address, $"{refusal.Reason} A harmless text is refused as well, so it is not about the texts.", refusal)
            {
                Status = refusal.Status,
            };
        }
    }

    private void Write(PreparedText text, float[] vector)
    {
        if (vector.Length == 0)
        {
            text.Fail(EmbeddingFailures.NoVector);
            return;
        }

        var kept = vector.AsSpan(0, model.Spec.Dimensions);
        if (!VectorEnd.TryFinish(kept, model.Spec.Normalisation, out var failure))
            text.Fail(failure!);
        else
            text.Destination[text.Index] = EmbeddingOutcome.Embedded(kept.Length == vector.Length ? vector : kept.ToArray(), text.Tokens, text.Truncated);
    }
}
