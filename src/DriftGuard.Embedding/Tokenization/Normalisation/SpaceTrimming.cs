namespace DriftGuard.Embedding.Tokenization.Normalisation;

/// <summary>Takes white space off the ends of a text.</summary>
internal sealed class SpaceTrimming(bool left, bool right) : ITextNormaliser
{
    public string Normalise(string text)
    {
        var trimmed = text.AsSpan();
        if (left)
            trimmed = trimmed.TrimStart();
        if (right)
            trimmed = trimmed.TrimEnd();
        return trimmed.Length == text.Length ? text : trimmed.ToString();
    }

    /// <summary>A part begins with a space, which is not the text's left end.</summary>
    public bool Keeps(char c) => !left;

}
