using System.Text;

namespace DriftGuard.Core.Calibration;

/// <summary>When two query texts are one query.</summary>
public static class QueryText
{
    /// <summary>The text as it is compared: NFC, upper case without regard to a language, each run of white space one space, none around it.</summary>
    /// <exception cref="ArgumentException">The text holds half of a surrogate pair.</exception>
    public static string Normalised(string text) =>
        string.Join(' ', text.Normalize(NormalizationForm.FormC).ToUpperInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The distinct words of a text: runs of letters and digits of its normalised form.</summary>
    public static IReadOnlySet<string> Words(string text)
    {
        var (words, word) = (new HashSet<string>(StringComparer.Ordinal), new StringBuilder());
        foreach (var c in Normalised(text) + " ")
        {
            if (char.IsLetterOrDigit(c))
            {
                word.Append(c);
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        return words;
    }
}
