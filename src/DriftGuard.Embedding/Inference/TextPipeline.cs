using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Onnx;
using DriftGuard.Embedding.Tokenization;

namespace DriftGuard.Embedding.Inference;

/// <summary>
/// Texts to outcomes on all workers. A bulk call goes window by window: while one window is run, the next is tokenised on the same
/// workers, so that no core waits at the seam and only two windows of tokens are held.
/// </summary>
/// <param name="model">What becomes of texts.</param>
/// <param name="crew">The sessions; they may be shared with other specs of the same graph.</param>
/// <param name="options">Sizes of windows and of calls that go ahead.</param>
internal sealed class TextPipeline(TextModel model, WorkerCrew crew, EmbeddingModelOptions options) : ITextEmbedder
{
    /// <summary>Texts that are tokenised as one piece of work.</summary>
    private const int TextsPerPiece = 64;

    /// <summary>Whether a call of so many texts is bulk work, which waits for calls of few.</summary>
    public bool IsBulk(int texts) => texts > options.InteractiveTexts;

    public async Task<EmbeddingOutcome[]> EmbedAsync(IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellationToken)
    {
        var outcomes = new EmbeddingOutcome[texts.Count];
        if (IsBulk(texts.Count))
            await EmbedWindowsAsync(texts, kind, outcomes, cancellationToken).ConfigureAwait(false);
        else if (texts.Count > 0)
            await InferAsync(Tokenise(texts, 0, texts.Count, kind, outcomes), outcomes, interactive: true, cancellationToken).ConfigureAwait(false);
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

    private async Task<TokenisedWindow> TokeniseWindowAsync(
        IReadOnlyList<string> texts, int windowStart, InputKind kind, EmbeddingOutcome[] outcomes, CancellationToken cancellationToken)
    {
        var windowEnd = Math.Min(windowStart + options.Window, texts.Count);
        var pieces = new TokenisedWindow[(windowEnd - windowStart + TextsPerPiece - 1) / TextsPerPiece];
        var actions = pieces.Select((_, piece) => (Action<OnnxSession>)(_ =>
        {
            var start = windowStart + (piece * TextsPerPiece);
            pieces[piece] = Tokenise(texts, start, Math.Min(start + TextsPerPiece, windowEnd), kind, outcomes);
        }));
        await crew.RunAsync([.. actions], interactive: false, cancellationToken).ConfigureAwait(false);
        return new([.. pieces.SelectMany(piece => piece.Texts)], [.. pieces.SelectMany(piece => piece.Chunked)]);
    }

    private TokenisedWindow Tokenise(IReadOnlyList<string> texts, int start, int end, InputKind kind, EmbeddingOutcome[] outcomes)
    {
        var buffer = new TokenBuffer();
        var tokenised = new List<TokenisedText>(end - start);
        var chunked = new List<ChunkedText>();
        var pieces = new List<TokenRange>();
        for (var index = start; index < end; index++)
        {
            pieces.Clear();
            if (model.Encoder.Encode(texts[index], kind, buffer, pieces, out var truncated) is { } failure)
            {
                outcomes[index] = failure;
                continue;
            }

            if (pieces.Count == 1)
            {
                tokenised.Add(new(outcomes, index, buffer, pieces[0], truncated));
                continue;
            }

            var chunks = new EmbeddingOutcome[pieces.Count];
            chunked.Add(new(index, chunks));
            for (var i = 0; i < pieces.Count; i++)
                tokenised.Add(new(chunks, i, buffer, pieces[i], Truncated: false));
        }

        return new([[.. tokenised]], chunked);
    }

    private async Task InferAsync(TokenisedWindow window, EmbeddingOutcome[] outcomes, bool interactive, CancellationToken cancellationToken)
    {
        var actions = BatchPlan.Split(window.Texts, model.OneByOne ? 1 : crew.Settings.TokensPerRun)
            .Select(batch => (Action<OnnxSession>)(session => model.Runner.Run(session, batch)));
        await crew.RunAsync([.. actions], interactive, cancellationToken).ConfigureAwait(false);
        foreach (var text in window.Chunked)
            outcomes[text.Index] = text.Mean(model.Spec.Normalisation);
    }

    /// <summary>Texts that were tokenised together.</summary>
    /// <param name="Texts">What is to be run, in parts: texts, and the chunks of those that are too long.</param>
    /// <param name="Chunked">The texts that the chunks belong to.</param>
    private readonly record struct TokenisedWindow(IReadOnlyCollection<TokenisedText[]> Texts, IReadOnlyList<ChunkedText> Chunked);
}
