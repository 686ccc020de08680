using System.Text;

namespace DriftGuard.Embedding.Tokenization.Normalisation;

/// <summary>One of Unicode's normalisation forms.</summary>
internal sealed class UnicodeForm(NormalizationForm form) : ITextNormaliser
{
    public string Normalise(string text) => UnicodeData.Normalise(text, form);

    public bool Keeps(char c) => char.IsAscii(c);

}
