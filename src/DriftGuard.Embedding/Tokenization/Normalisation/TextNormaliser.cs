namespace DriftGuard.Embedding.Tokenization.Normalisation;

/// <summary>The steps of a normaliser, one after the other. Thread-safe.</summary>
internal sealed class TextNormaliser(params ITextNormaliser[] steps)
{
    /// <summary>Where long texts are cut, so that a text that is truncated is not normalised as a whole.</summary>
    public const int UsualPart = 4096;

    /// <summary>Whether texts stay as they are.</summary>
    public bool IsEmpty => steps.Length == 0;

    public string Normalise(ReadOnlySpan<char> text)
    {
        var normalised = text.ToString();
        foreach (var step in steps)
            normalised = step.Normalise(normalised);
        return normalised;
    }

    /// <summary>
    /// The length of the first part of a text that can be normalised apart, so that the next part begins with a space between two words.
    /// </summary>
    public int LengthOfPart(ReadOnlySpan<char> text)
    {
        for (var at = UsualPart; at + 1 < text.Length; at++)
        {
            if (text[at] == ' ' && Keeps(text[at - 1]) && Keeps(text[at + 1]))
                return at;
        }

        return text.Length;
    }

    private bool Keeps(char c)
    {
        if (char.IsWhiteSpace(c) || char.IsSurrogate(c))
            return false;
        foreach (var step in steps)
        {
            if (!step.Keeps(c))
                return false;
        }

        return true;
    }
}
