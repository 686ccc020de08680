using DriftGuard.Embedding.Inference;
using DriftGuard.Embedding.Tokenization;

namespace DriftGuard.Embedding.Tuning;

/// <summary>
/// Texts that nobody wrote, for the trial: ids of the vocabulary, many short texts like queries and some long ones like paragraphs,
/// the same for every candidate and at every start.
/// </summary>
internal sealed class TrialTexts
{
    private const int Count = 512;
    private const int Seed = 12345;

    /// <summary>One text in eight is long, and these have about half of all tokens.</summary>
    private const int OneLongIn = 8;

    private readonly TokenisedText[] _texts = new TokenisedText[Count];

    /// <param name="vocabularySize">Ids are below it.</param>
    /// <param name="maxTokens">Most tokens of a text.</param>
    public TrialTexts(int vocabularySize, int maxTokens)
    {
        var random = new Random(Seed);
        var buffer = new TokenBuffer();
        for (var i = 0; i < Count; i++)
        {
            var length = Math.Min(maxTokens, i % OneLongIn == 0 ? random.Next(80, 160) : random.Next(8, 25));
            var start = buffer.Count;
            for (var j = 0; j < length; j++)
                buffer.Add(random.Next(vocabularySize));
            _texts[i] = new(new EmbeddingOutcome[Count], i, buffer, new(start, length), Truncated: false);
        }

        TokensPerText = (double)buffer.Count / Count;
    }

    /// <summary>Mean length of the texts.</summary>
    public double TokensPerText { get; }

    /// <summary>
    /// The texts as the pipeline would batch them, long and short ones in turns: a slow model gets through a part of them only, and that
    /// should be like the whole.
    /// </summary>
    public IReadOnlyList<ArraySegment<TokenisedText>> Batches(int tokensPerRun)
    {
        var batches = BatchPlan.Split([_texts], tokensPerRun).ToList();
        var random = new Random(Seed);
        random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(batches));
        return batches;
    }
}
