using System.Globalization;

namespace DriftGuard.Core.Calibration;

/// <summary>
/// Reads labelled pairs: a header, then score and two texts, and further named columns, tab separated. A quotation mark is a character like
/// any other.
/// </summary>
public static class PairLines
{
    private static readonly string[] Leading = ["score", "sentence1", "sentence2"];

    /// <summary>Reads a file of its own.</summary>
    /// <param name="file">Its name, for the problems.</param>
    /// <param name="content">What it holds.</param>
    /// <param name="columns">The names of its further columns.</param>
    /// <param name="problems">Everything that is wrong.</param>
    /// <returns>The pairs of the lines that are well-formed.</returns>
    public static IReadOnlyList<LabelledPair> Read(string file, string content, out IReadOnlyList<string> columns, out IReadOnlyList<CalibrationProblem> problems)
    {
        var found = new ProblemList();
        var (pairs, names) = Read(file, content, found);
        (columns, problems) = (names, found.All);
        return pairs;
    }

    /// <summary>Reads <c>pairs.tsv</c> of a set, whose columns for slices must be there.</summary>
    internal static List<LabelledPair> Read(string content, ProblemList problems, IReadOnlyList<string>? slices = null)
    {
        var (pairs, columns) = Read(CalibrationSetFiles.Pairs, content, problems);
        foreach (var slice in slices ?? [])
        {
            if (!columns.Contains(slice, StringComparer.Ordinal))
                problems.Error(CalibrationSetFiles.Header, null, $"slice '{slice}' of pairs is no column of {CalibrationSetFiles.Pairs}; its further columns are {(columns.Length == 0 ? "none" : string.Join(", ", columns))}.");
        }

        return pairs;
    }

    private static (List<LabelledPair> Pairs, string[] Columns) Read(string file, string content, ProblemList problems)
    {
        var pairs = new List<LabelledPair>();
        string[]? further = null;
        foreach (var (number, line) in TextLines.Of(content))
        {
            if (further is null)
            {
                further = FurtherColumns(file, number, line, problems);
                continue;
            }

            var columns = line.Split('\t');
            if (columns.Length == Leading.Length + further.Length
                && double.TryParse(columns[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var score)
                && double.IsFinite(score)
                && !string.IsNullOrWhiteSpace(columns[1])
                && !string.IsNullOrWhiteSpace(columns[2]))
            {
                pairs.Add(WithFields(new LabelledPair(score, columns[1], columns[2]), further, columns));
            }
            else
            {
                problems.Error(file, number, further.Length == 0
                    ? "expected a number and two texts, separated by tabs."
                    : $"expected a number, two texts and {string.Join(", ", further)}, separated by tabs.");
            }
        }

        if (further is null)
            problems.Error(file, null, "is empty; expected the header score, sentence1, sentence2 and one line a pair.");
        return (pairs, further ?? []);
    }

    private static string[] FurtherColumns(string file, int number, string line, ProblemList problems)
    {
        var names = line.Split('\t');
        if (names.Length < Leading.Length || !names.AsSpan(0, Leading.Length).SequenceEqual(Leading))
        {
            problems.Error(file, number, "expected the header score, sentence1, sentence2, separated by tabs; further columns come after these.");
            return [];
        }

        string[] further = names[Leading.Length..];
        if (Array.Exists(further, string.IsNullOrWhiteSpace))
            problems.Error(file, number, "a column has no name.");
        foreach (var twice in names.GroupBy(name => name, StringComparer.Ordinal).Where(same => same.Count() > 1 && !string.IsNullOrWhiteSpace(same.Key)))
            problems.Error(file, number, $"column '{twice.Key}' stands {twice.Count()} times.");
        return further;
    }

    private static LabelledPair WithFields(LabelledPair pair, string[] names, string[] columns)
    {
        if (names.Length == 0)
            return pair;
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            if (!string.IsNullOrWhiteSpace(columns[Leading.Length + i]))
                fields[names[i]] = columns[Leading.Length + i];
        }

        return pair with { Fields = fields };
    }
}
