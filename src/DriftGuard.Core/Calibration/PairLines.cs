using System.Globalization;

namespace DriftGuard.Core.Calibration;

/// <summary>Reads <c>pairs.tsv</c>: a header, then score and two texts, tab separated. A quotation mark is a character like any other.</summary>
internal static class PairLines
{
    private const string Header = "score\tsentence1\tsentence2";

    public static List<LabelledPair> Read(string content, ProblemList problems)
    {
        const string file = CalibrationSetFiles.Pairs;
        var pairs = new List<LabelledPair>();
        var first = true;
        foreach (var (number, line) in TextLines.Of(content))
        {
            if (first)
            {
                first = false;
                if (!string.Equals(line, Header, StringComparison.Ordinal))
                    problems.Error(file, number, "expected the header score, sentence1, sentence2, separated by tabs.");
                continue;
            }

            var columns = line.Split('\t');
            if (columns.Length == 3
                && double.TryParse(columns[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var score)
                && double.IsFinite(score)
                && !string.IsNullOrWhiteSpace(columns[1])
                && !string.IsNullOrWhiteSpace(columns[2]))
            {
                pairs.Add(new LabelledPair(score, columns[1], columns[2]));
            }
            else
            {
                problems.Error(file, number, "expected a number and two texts, separated by tabs.");
            }
        }

        return pairs;
    }
}
