namespace DriftGuard.Core.Calibration;

/// <summary>
/// Splits a file at LF only. .NET's own readers also end a line at a lone CR, which may stand in the middle of a text; a CR before the LF,
/// and a byte-order mark, are what some editors add and are taken off.
/// </summary>
internal static class TextLines
{
    /// <summary>The lines that hold something, with their numbers from 1.</summary>
    public static IEnumerable<(int Number, string Line)> Of(string content)
    {
        var number = 0;
        var start = content.StartsWith('\uFEFF') ? 1 : 0;
        while (start < content.Length)
        {
            var end = content.IndexOf('\n', start);
            if (end < 0)
                end = content.Length;
            number++;
            var line = content.AsSpan(start, end - start);
            if (line.EndsWith("\r"))
                line = line[..^1];
            start = end + 1;
            if (!line.IsWhiteSpace())
                yield return (number, line.ToString());
        }
    }
}
