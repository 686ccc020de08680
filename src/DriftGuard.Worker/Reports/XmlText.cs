using System.Text;

namespace DriftGuard.Worker.Reports;

/// <summary>Text as it may stand in a page.</summary>
internal static class XmlText
{
    /// <summary>The text with a replacement character for each that no page may hold: control characters and lone surrogates.</summary>
    public static string Of(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            clean.Append(rune.Value is '\t' or '\n' || (rune.Value >= ' ' && rune.Value is not (>= 0x7F and < 0xA0) && rune.Value is not (0xFFFE or 0xFFFF)) ? rune.ToString() : "\uFFFD");
        }

        return clean.ToString();
    }
}
