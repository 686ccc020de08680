using System.Text.RegularExpressions;

namespace DriftGuard.Charts.Tests;

/// <summary>The rows of the table of values: each key that has a value on its own line, with what is said beside or above it.</summary>
internal static partial class ValuesTable
{
    public static IEnumerable<string> Rows(string values)
    {
        var path = new List<string>();
        var above = new List<string>();
        foreach (var line in values.Split('\n'))
        {
            if (line.StartsWith('#'))
            {
                above.Add(line.TrimStart('#').Trim());
                continue;
            }

            if (Entry().Match(line) is not { Success: true } entry)
            {
                above.Clear();
                continue;
            }

            var depth = entry.Groups["indent"].Length / 2;
            path.RemoveRange(depth, path.Count - depth);
            path.Add(entry.Groups["key"].Value);
            var value = entry.Groups["value"].Value.Trim();
            if (value.Length > 0)
            {
                var beside = entry.Groups["comment"].Value.Trim();
                var meaning = string.Join(' ', above.Where(text => depth == 0 && text.Length > 0).Append(beside).Where(text => text.Length > 0));
                yield return $"| `{string.Join('.', path)}` | `{value}` | {meaning.Replace("|", "\\|", StringComparison.Ordinal)} |\n";
            }

            above.Clear();
        }
    }

    [GeneratedRegex(@"^(?<indent> *)(?<key>[A-Za-z]+):(?<value>[^#]*)(#(?<comment>.*))?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Entry();
}
