using System.Globalization;

namespace DriftGuard.Core.Calibration;

/// <summary>One line of <c>qrels.tsv</c>.</summary>
internal readonly record struct Judgement(int Line, string QueryId, string DocumentId, int Grade);

/// <summary>Reads <c>qrels.tsv</c>: a header, then query id, document id and grade, tab separated.</summary>
internal static class JudgementLines
{
    /// <summary>The well-formed lines, each pair of query and document once; everything else is a problem.</summary>
    public static List<Judgement> Read(string content, ProblemList problems, string file = CalibrationSetFiles.Qrels)
    {
        var judgements = new List<Judgement>();
        var seen = new Dictionary<(string, string), (int Line, int Grade)>();
        var first = true;
        foreach (var (number, line) in TextLines.Of(content))
        {
            if (first)
            {
                first = false;
                if (string.Equals(line, CalibrationLines.JudgementHeader, StringComparison.Ordinal))
                    continue;
                problems.Error(file, number, $"expected the header query-id, corpus-id, score, separated by tabs; found '{Excerpt(line)}'.");
                if (Parse(line) is null)
                    continue;
            }

            if (Parse(line) is not var (queryId, documentId, grade))
            {
                problems.Error(file, number, $"expected a query id, a document id and a whole number, separated by tabs; found '{Excerpt(line)}'.");
                continue;
            }

            if (seen.TryAdd((queryId, documentId), (number, grade)))
                judgements.Add(new Judgement(number, queryId, documentId, grade));
            else
                Repeated(number, queryId, documentId, grade, seen[(queryId, documentId)], file, problems);
        }

        if (first)
            problems.Error(file, null, "is empty; expected the header query-id, corpus-id, score and one line a judgement.");
        return judgements;
    }

    private static void Repeated(int number, string queryId, string documentId, int grade, (int Line, int Grade) earlier, string file, ProblemList problems)
    {
        var pair = $"query '{queryId}' and document '{documentId}' are judged already in line {earlier.Line}";
        if (earlier.Grade == grade)
            problems.Warning(file, number, $"{pair}; the line is ignored.");
        else
            problems.Error(file, number, $"{pair}, as {earlier.Grade} there and {grade} here; keep one.");
    }

    private static (string QueryId, string DocumentId, int Grade)? Parse(string line)
    {
        var columns = line.Split('\t');
        return columns.Length == 3
            && columns[0].Length > 0
            && columns[1].Length > 0
            && int.TryParse(columns[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var grade)
                ? (columns[0], columns[1], grade)
                : null;
    }

    private static string Excerpt(string line) => (line.Length > 80 ? line[..80] + "..." : line).Replace("\t", "\\t", StringComparison.Ordinal);
}
