using System.Text;

namespace DriftGuard.Core.Text;

/// <summary>A row of a table.</summary>
/// <param name="Line">The line on which it begins, from 1; a quoted field may go on over several.</param>
/// <param name="Cells">Its cells, as many as the header has.</param>
public sealed record DelimitedRow(int Line, IReadOnlyList<string> Cells);

/// <summary>A row that is none, with its line.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Message">What was expected and what was found.</param>
public sealed record DelimitedProblem(int Line, string Message);

/// <summary>
/// A table as text with a header: RFC 4180, so that a quoted field may hold the delimiter, doubled quotation marks and line breaks. Comma,
/// semicolon and tab are told apart by the header. Lines end in LF or CRLF; a byte-order mark and blank lines are passed over.
/// </summary>
/// <param name="Delimiter">What separates cells.</param>
/// <param name="Header">The names of the columns, trimmed.</param>
/// <param name="Rows">The rows that have as many cells as the header.</param>
/// <param name="Problems">Everything else.</param>
public sealed record DelimitedText(char Delimiter, IReadOnlyList<string> Header, IReadOnlyList<DelimitedRow> Rows, IReadOnlyList<DelimitedProblem> Problems)
{
    private static readonly char[] Delimiters = ['\t', ',', ';'];

    /// <summary>Reads a table; what is wrong with it is in <see cref="Problems"/>.</summary>
    public static DelimitedText Read(string content)
    {
        var text = content.StartsWith('\uFEFF') ? content[1..] : content;
        var problems = new List<DelimitedProblem>();
        var delimiter = DelimiterOf(text);
        var (header, rows) = (new List<string>(), new List<DelimitedRow>());
        foreach (var row in Records(text, delimiter, problems))
        {
            if (header.Count == 0)
                header.AddRange(row.Cells.Select(cell => cell.Trim()));
            else if (row.Cells.Count == header.Count)
                rows.Add(row);
            else
                problems.Add(new(row.Line, $"has {row.Cells.Count} cells, the header has {header.Count}; a cell with the delimiter, a quotation mark or a line break in it stands in quotation marks."));
        }

        foreach (var twice in header.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1))
            problems.Add(new(1, $"the header has '{twice.Key}' twice; columns are found by name."));
        return new(delimiter, header, rows, [.. problems.OrderBy(problem => problem.Line)]);
    }

    /// <summary>Writes a row; cells are quoted where they must be.</summary>
    public static string Write(char delimiter, params IEnumerable<string> cells) => string.Join(delimiter, cells.Select(cell =>
        cell.AsSpan().IndexOfAny("\"\r\n") >= 0 || cell.Contains(delimiter, StringComparison.Ordinal) || cell.Trim().Length != cell.Length
            ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : cell));

    /// <summary>The one that the header has most of, outside of quotation marks.</summary>
    private static char DelimiterOf(string text)
    {
        Span<int> counts = stackalloc int[Delimiters.Length];
        var (quoted, begun) = (false, false);
        foreach (var c in text)
        {
            if (c == '"')
                quoted = !quoted;
            else if (c == '\n' && !quoted && begun)
                break;
            else if (!quoted && Array.IndexOf(Delimiters, c) is var which and >= 0)
                counts[which]++;
            begun |= !char.IsWhiteSpace(c);
        }

        var best = 1;
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] > counts[best])
                best = i;
        }

        return Delimiters[best];
    }

    private static IEnumerable<DelimitedRow> Records(string text, char delimiter, List<DelimitedProblem> problems)
    {
        var (position, line) = (0, 1);
        while (position < text.Length)
        {
            var begin = line;
            var cells = new List<string>();
            var sound = true;
            while (true)
            {
                sound &= TryCell(text, delimiter, ref position, ref line, out var cell, problems);
                cells.Add(cell);
                if (position >= text.Length || text[position] != delimiter)
                    break;
                position++;
            }

            Step(text, ref position, ref line);
            if (sound && !(cells.Count == 1 && string.IsNullOrWhiteSpace(cells[0])) && !(cells.Count > 1 && cells.TrueForAll(string.IsNullOrEmpty)))
                yield return new(begin, cells);
        }
    }

    /// <summary>Over a line break.</summary>
    private static void Step(string text, ref int position, ref int line)
    {
        if (position < text.Length && text[position] == '\r')
            position++;
        if (position < text.Length && text[position] == '\n')
            position++;
        line++;
    }

    private static bool TryCell(string text, char delimiter, ref int position, ref int line, out string cell, List<DelimitedProblem> problems)
    {
        if (position >= text.Length || text[position] != '"')
        {
            var end = position;
            while (end < text.Length && text[end] != delimiter && text[end] != '\n' && !IsCarriageReturn(text, end))
                end++;
            cell = text[position..end];
            position = end;
            return true;
        }

        var (value, opened) = (new StringBuilder(), line);
        for (position++; position < text.Length; position++)
        {
            var c = text[position];
            if (c == '\n')
                line++;
            if (c != '"')
            {
                value.Append(c);
            }
            else if (position + 1 < text.Length && text[position + 1] == '"')
            {
                value.Append(c);
                position++;
            }
            else
            {
                position++;
                cell = value.ToString();
                if (position >= text.Length || text[position] == delimiter || text[position] == '\n' || IsCarriageReturn(text, position))
                    return true;
                problems.Add(new(line, "has text after a closing quotation mark; a quotation mark in a quoted cell is written twice."));
                while (position < text.Length && text[position] != '\n')
                    position++;
                return false;
            }
        }

        problems.Add(new(opened, "opens a quotation mark that is never closed."));
        cell = "";
        return false;
    }

    private static bool IsCarriageReturn(string text, int position) => text[position] == '\r' && (position + 1 == text.Length || text[position + 1] == '\n');
}
