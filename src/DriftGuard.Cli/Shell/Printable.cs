namespace DriftGuard.Cli.Shell;

/// <summary>Text of others, such as that of a corpus, as a terminal may get it: its control characters would be orders to the terminal.</summary>
internal static class Printable
{
    /// <summary>The text with a replacement character for each control character but line feed and tab.</summary>
    public static string Of(string text) => text.Any(IsOrder) ? string.Concat(text.Select(c => IsOrder(c) ? '\uFFFD' : c)) : text;

    private static bool IsOrder(char c) => char.IsControl(c) && c is not ('\n' or '\t' or '\r');
}
