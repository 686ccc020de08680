namespace DriftGuard.Cli.Shell;

/// <summary>Text of others, such as that of a corpus, as a terminal may get it: its control characters would be orders to the terminal.</summary>
internal static class Printable
{
    /// <summary>The text with a replacement character for each control character but line feed and tab.</summary>
    public static string Of(string text) => text.Any(IsOrder) ? string.Concat(text.Select(c => IsOrder(c) ? '\uFFFD' : c)) : text;

    /// <summary>The beginning of a text, so long that it fits; no character is cut in half.</summary>
    public static string Shortened(string text, int length) =>
        text.Length <= length ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1), "…");

    private static bool IsOrder(char c) => char.IsControl(c) && c is not ('\n' or '\t' or '\r');
}
