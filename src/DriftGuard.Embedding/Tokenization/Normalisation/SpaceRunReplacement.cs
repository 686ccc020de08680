using System.Text;

namespace DriftGuard.Embedding.Tokenization.Normalisation;

/// <summary>Puts a text in place of two spaces and more.</summary>
internal sealed class SpaceRunReplacement(string content) : ITextNormaliser
{
    public string Normalise(string text)
    {
        var run = text.IndexOf("  ", StringComparison.Ordinal);
        if (run < 0)
            return text;
        var replaced = new StringBuilder(text.Length);
        var start = 0;
        for (; run >= 0; run = text.IndexOf("  ", start, StringComparison.Ordinal))
        {
            replaced.Append(text, start, run - start).Append(content);
            for (start = run; start < text.Length && text[start] == ' ';)
                start++;
        }

        return replaced.Append(text, start, text.Length - start).ToString();
    }

    public bool Keeps(char c) => true;

}
