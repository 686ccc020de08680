using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Onnx;
using DriftGuard.Embedding.Tokenization;

namespace DriftGuard.Embedding.Inference;

/// <summary>
/// Texts to outcomes on all workers. A bulk call goes window by window: while one window is run, the next is tokenised on the same
/// workers, so that no core waits at the seam and only two windows of tokens are held.
/// </summary>
internal sealed class EmbeddingPipeline(LoadedModel model, EmbeddingModelOptions options)
{
    /// <summary>Texts that are tokenised as one piece of work.</summary>
    private const int TextsPerPiece = 64;

    public async ValueTask<EmbeddingOutcome[]> EmbedAsync(IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellationToken)
    {
        var outcomes = new EmbeddingOutcome[texts.Count];
        if (texts.Count == 0)
            return outcomes;
        if (texts.Count <= options.InteractiveTexts)
            await InferAsync(Tokenise(texts, 0, texts.Count, kind, outcomes), outcomes, interactive: true, cancellationToken).ConfigureAwait(false);
        else
            await EmbedWindowsAsync(texts, kind, outcomes, cancellationToken).ConfigureAwait(false);
        return outcomes;
    }

    private async Task EmbedWindowsAsync(
        IReadOnlyList<string> texts, InputKind kind, EmbeddingOutcome[] outcomes, CancellationToken cancellationToken)
    {
        var inference = Task.CompletedTask;
        var tokenising = TokeniseWindowAsync(texts, 0, kind, outcomes, cancellationToken);
        for (var start = 0; start < texts.Count; start += options.Window)
        {
            var tokenised = await tokenising.ConfigureAwait(false);

            // Queued before this window's runs: workers take bulk work in order, and so the next window is ready when they are done.
            if (start + options.Window < texts.Count)
                tokenising = TokeniseWindowAsync(texts, start + options.Window, kind, outcomes, cancellationToken);
            var previous = inference;
            inference = InferAsync(tokenised, outcomes, interactive: false, cancellationToken);
            await previous.ConfigureAwait(false);
        }

        await inference.ConfigureAwait(false);
    }

    private async Task<TokenisedText[]> TokeniseWindowAsync(
        IReadOnlyList<string> texts, int windowStart, InputKind kind, EmbeddingOutcome[] outcomes, CancellationToken cancellationToken)
    {
        var windowEnd = Math.Min(windowStart + options.Window, texts.Count);
        var pieces = new TokenisedText[(windowEnd - windowStart + TextsPerPiece - 1) / TextsPerPiece][];
        var actions = pieces.Select((_, piece) => (Action<OnnxSession>)(_ =>
        {
            var start = windowStart + (piece * TextsPerPiece);
            pieces[piece] = Tokenise(texts, start, Math.Min(start + TextsPerPiece, windowEnd), kind, outcomes);
        }));
        await model.Workers.RunAsync([.. actions], interactive: false, cancellationToken).ConfigureAwait(false);
        return [.. pieces.SelectMany(piece => piece)];
    }

    private TokenisedText[] Tokenise(IReadOnlyList<string> texts, int start, int end, InputKind kind, EmbeddingOutcome[] outcomes)
    {
        var buffer = new TokenBuffer();
        var tokenised = new List<TokenisedText>(end - start);
        for (var index = start; index < end; index++)
        {
            if (model.Encoder.Encode(texts[index], index, kind, buffer, out var text) is { } failure)
                outcomes[index] = EmbeddingOutcome.Failed(failure);
            else
                tokenised.Add(text);
        }

        return [.. tokenised];
    }

    private Task InferAsync(TokenisedText[] texts, EmbeddingOutcome[] outcomes, bool interactive, CancellationToken cancellationToken)
    {
        var actions = BatchPlan.Split(texts, model.TokensPerRun)
            .Select(batch => (Action<OnnxSession>)(session => model.Runner.Run(session, batch, outcomes)));
        return model.Workers.RunAsync([.. actions], interactive, cancellationToken);
    }
}
