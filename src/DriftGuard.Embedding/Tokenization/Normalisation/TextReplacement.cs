namespace DriftGuard.Embedding.Tokenization.Normalisation;

/// <summary>Puts one text in place of another.</summary>
internal sealed class TextReplacement(string pattern, string content) : ITextNormaliser
{
    public string Normalise(string text) => text.Replace(pattern, content, StringComparison.Ordinal);

    public bool Keeps(char c) => !pattern.Contains(' ', StringComparison.Ordinal) && !pattern.Contains(c, StringComparison.Ordinal);

}
