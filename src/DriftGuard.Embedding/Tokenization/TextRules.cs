using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Tokenization;

/// <summary>What every text must be before a model sees it, whoever computes the vector.</summary>
internal static class TextRules
{
    /// <summary>Why a text can have no vector; <see langword="null"/> if it can.</summary>
    public static string? Refusal(string? text, ModelSpec spec)
    {
        if (text is null || (spec.EmptyText == EmptyText.Refuse && string.IsNullOrWhiteSpace(text)))
            return EmbeddingFailures.EmptyText;
        return HasLoneSurrogate(text) ? EmbeddingFailures.LoneSurrogate : null;
    }

    private static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOfAnyInRange('\ud800', '\udfff'); at >= 0; at = text.IndexOfAnyInRange('\ud800', '\udfff'))
        {
            if (at + 1 >= text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
                return true;
            text = text[(at + 2)..];
        }

        return false;
    }
}
