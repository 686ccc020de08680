using DriftGuard.Embedding.Tokenization.AddedTokens;

namespace DriftGuard.Embedding.Tokenization;

/// <summary>
/// A tokenizer of Hugging Face's plan: added tokens are taken out of the text, what is between them goes to the model, and ids stand
/// around the whole. Thread-safe.
/// </summary>
/// <param name="model">What makes ids of text.</param>
/// <param name="added">The tokens that are more than their letters.</param>
/// <param name="frame">The ids around each text, and the bounds of all ids.</param>
internal sealed class TextTokenizer(ITextModel model, AddedTokenSet added, TokenFrame frame) : ITextTokenizer
{
    public int VocabularySize => frame.VocabularySize;

    public int PaddingId => frame.PaddingId;

    public ReadOnlyMemory<int> Opening => frame.Opening;

    public ReadOnlyMemory<int> Closing => frame.Closing;

    public bool SeparatesAt(char last) => added.SeparatesAt(last) && model.SeparatesAt(last);

    public bool Append(ReadOnlySpan<char> text, int limit, TokenBuffer ids)
    {
        if (added.InText.IsEmpty)
            return AppendBetween(text, limit, ids);
        var first = ids.Count;
        foreach (var part in added.InText.Split(text))
        {
            if (part.Id is not { } id)
            {
                if (AppendBetween(text[part.Range], limit - (ids.Count - first), ids))
                    return true;
            }
            else if (IsFull(id, first, limit, ids))
            {
                return true;
            }
        }

        return false;
    }

    private bool AppendBetween(ReadOnlySpan<char> text, int limit, TokenBuffer ids)
    {
        if (added.InNormalisedText.IsEmpty)
            return model.Append(text, limit, ids);
        var first = ids.Count;
        ReadOnlySpan<char> normalised = model.Normalise(text);
        foreach (var part in added.InNormalisedText.Split(normalised))
        {
            if (part.Id is not { } id)
            {
                if (model.AppendNormalised(normalised[part.Range], limit - (ids.Count - first), ids))
                    return true;
            }
            else if (IsFull(id, first, limit, ids))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Adds an id if there is room.</summary>
    private static bool IsFull(int id, int first, int limit, TokenBuffer ids)
    {
        if (ids.Count - first >= limit)
            return true;
        ids.Add(id);
        return false;
    }
}

/// <summary>What stands around each text, and the bounds of all ids.</summary>
/// <param name="Opening">Ids before each text.</param>
/// <param name="Closing">Ids after each text.</param>
/// <param name="PaddingId">The id that fills up a batch.</param>
/// <param name="VocabularySize">Each id is below it.</param>
internal sealed record TokenFrame(int[] Opening, int[] Closing, int PaddingId, int VocabularySize);
