using System.Text.RegularExpressions;

namespace DriftGuard.Cli.Tests.Telemetry;

/// <summary>What a PromQL expression names: metrics with the labels that they are asked for by, and labels that it groups or joins by.</summary>
internal sealed partial class PromQl
{
    private static readonly HashSet<string> Clauses = new(["by", "without", "on", "ignoring", "group_left", "group_right"], StringComparer.Ordinal);
    private static readonly HashSet<string> Words = new(["and", "or", "unless", "bool", "offset", "inf", "nan"], StringComparer.OrdinalIgnoreCase);

    private readonly List<(string Metric, IReadOnlyList<string> Labels)> _selectors = [];
    private readonly List<string> _grouping = [];

    private PromQl(string expression) => Text = expression;

    /// <summary>The expression.</summary>
    public string Text { get; }

    /// <summary>The metrics.</summary>
    public IReadOnlyList<(string Metric, IReadOnlyList<string> Labels)> Selectors => _selectors;

    /// <summary>The labels of its clauses.</summary>
    public IReadOnlyList<string> Grouping => _grouping;

    /// <summary>Reads an expression.</summary>
    public static PromQl Parse(string expression)
    {
        var read = new PromQl(expression);
        var tokens = Tokens().Matches(expression).Select(match => match.Value).Where(token => token.Trim().Length > 0).ToList();
        for (var i = 0; i < tokens.Count; i++)
        {
            var (token, next) = (tokens[i], i + 1 < tokens.Count ? tokens[i + 1] : "");
            if (!char.IsLetter(token[0]) && token[0] is not '_')
            {
                if (token == "[")
                {
                    i = tokens.IndexOf("]", i); // a range, of which nothing is named
                }
            }
            else if (Clauses.Contains(token))
            {
                var end = tokens.IndexOf(")", i);
                read._grouping.AddRange(tokens[(i + 2)..end].Where(label => label != ","));
                i = end;
            }
            else if (next == "{")
            {
                var end = tokens.IndexOf("}", i);
                read._selectors.Add((token, [.. tokens[(i + 2)..end].Where((label, at) => tokens[i + 3 + at] is "=" or "!=" or "=~" or "!~")]));
                i = end;
            }
            else if (next is not ("(" or "by" or "without") && !Words.Contains(token))
            {
                read._selectors.Add((token, []));
            }
        }

        return read;
    }

    [GeneratedRegex(@"""(?:[^""\\]|\\.)*""|[a-zA-Z_:$][a-zA-Z0-9_:]*|[0-9.]+[a-z]*|=~|!~|!=|==|<=|>=|\S", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Tokens();
}
