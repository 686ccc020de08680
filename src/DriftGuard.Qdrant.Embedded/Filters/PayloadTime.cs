using System.Globalization;

namespace DriftGuard.Qdrant.Embedded.Filters;

/// <summary>Dates and times in payloads, in the forms that Qdrant reads: RFC 3339, and the same without seconds, zone or time.</summary>
internal static class PayloadTime
{
    private static readonly string[] Forms =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm", "yyyy-MM-dd",
    ];

    /// <summary>Reads to UTC; a time without a zone is taken as UTC.</summary>
    public static bool TryParse(string text, out DateTime utc) => DateTime.TryParseExact(
        WithoutNanoseconds(text), Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out utc);

    /// <summary>.NET reads seven digits of a second; others write nine.</summary>
    private static string WithoutNanoseconds(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        if (point < 0) return text;
        var end = point + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return end - point > 8 ? text.Remove(point + 8, end - point - 8) : text;
    }
}
