using System.Text;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Inference;
using DriftGuard.Embedding.Tokenization;

namespace DriftGuard.Embedding.Http;

/// <summary>
/// Makes of a text what is sent: prefix, and with a tokenizer the spec's token limit. Without one tokens are estimated, and the limit is the server's.
/// Thread-safe.
/// </summary>
internal sealed class TextPreparer
{
    // English has about four bytes a token, other languages and code fewer; each token has one at least.
    private const int BytesPerToken = 3;

    private readonly ModelSpec _spec;
    private readonly TextEncoder? _encoder;
    private readonly TextCutter? _cutter;

    /// <exception cref="InvalidDataException">A prefix leaves no room for a text.</exception>
    public TextPreparer(ModelSpec spec, ITextTokenizer? tokenizer)
    {
        _spec = spec;
        _encoder = tokenizer is null ? null : new(tokenizer, spec);
        _cutter = tokenizer is null ? null : new(tokenizer, spec.MaxTokens);
    }

    /// <summary>How many tokens a text is taken for where nobody counts them: one for three bytes of UTF-8, rounded up.</summary>
    public static int Estimate(string text) => Math.Max(1, (Encoding.UTF8.GetByteCount(text) + BytesPerToken - 1) / BytesPerToken);

    /// <summary>Adds what is sent for a text, or writes its outcome where nothing is.</summary>
    public void Prepare(string? text, InputKind kind, EmbeddingOutcome[] outcomes, int index, List<PreparedText> prepared, List<ChunkedText> chunked)
    {
        if (_encoder is null)
        {
            if (TextRules.Refusal(text, _spec) is { } refusal)
                outcomes[index] = EmbeddingOutcome.Failed(refusal);
            else
                prepared.Add(new(outcomes, index, _spec.PrefixOf(kind) + text, Estimate(_spec.PrefixOf(kind) + text), Truncated: false));
            return;
        }

        var pieces = new List<TokenRange>();
        if (_encoder.Encode(text, kind, new TokenBuffer(), pieces, out var truncated) is { } failure)
            outcomes[index] = failure;
        else if (pieces.Count > 1)
            PrepareChunks(text!, kind, outcomes, index, prepared, chunked);
        else if (truncated)
            PrepareBeginning(text!, kind, outcomes, index, prepared);
        else
            prepared.Add(new(outcomes, index, _spec.PrefixOf(kind) + text, pieces[0].Length, Truncated: false));
    }

    private void PrepareBeginning(string text, InputKind kind, EmbeddingOutcome[] outcomes, int index, List<PreparedText> prepared)
    {
        var cut = _cutter!.Cut(_spec.PrefixOf(kind), text);
        if (cut.Length == 0)
            outcomes[index] = EmbeddingOutcome.Failed(EmbeddingFailures.FirstCharacterTooLong(_spec.MaxTokens), overLong: true);
        else
            prepared.Add(new(outcomes, index, _spec.PrefixOf(kind) + text[..cut.Length], cut.Tokens, Truncated: true));
    }

    private void PrepareChunks(string text, InputKind kind, EmbeddingOutcome[] outcomes, int index, List<PreparedText> prepared, List<ChunkedText> chunked)
    {
        var prefix = _spec.PrefixOf(kind);
        var chunks = new List<(string Text, int Tokens)>();
        for (var rest = text; rest.Length > 0;)
        {
            var cut = _cutter!.Cut(prefix, rest);
            if (cut.Length == 0)
            {
                outcomes[index] = EmbeddingOutcome.Failed(EmbeddingFailures.FirstCharacterTooLong(_spec.MaxTokens), overLong: true);
                return;
            }

            // White space between chunks says nothing, and some servers refuse it.
            if (_cutter.HasTokens(rest[..cut.Length]))
                chunks.Add((prefix + rest[..cut.Length], cut.Tokens));
            rest = rest[cut.Length..];
        }

        var destination = new EmbeddingOutcome[chunks.Count];
        chunked.Add(new(index, destination));
        for (var i = 0; i < chunks.Count; i++)
            prepared.Add(new(destination, i, chunks[i].Text, chunks[i].Tokens, Truncated: false));
    }
}
