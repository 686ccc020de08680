using System.Globalization;

namespace DriftGuard.Core.Calibration.Linting.Rules;

/// <summary>What the judgements can tell apart.</summary>
internal static class Grades
{
    public static IEnumerable<LintFinding> Look(LintSubject subject)
    {
        var grades = subject.Set.Queries.SelectMany(query => subject.Set.Qrels[query.Id].Values).ToList();
        var relevant = grades.Where(grade => grade >= 1).ToList();
        if (relevant.Count == 0)
            yield break;
        var figures = new Dictionary<string, double>(StringComparer.Ordinal) { ["judgements"] = grades.Count, ["relevant"] = relevant.Count, ["not_relevant"] = grades.Count - relevant.Count };
        if (relevant.Distinct().Count() == 1)
        {
            yield return new(
                "grades", LintSeverity.Note,
                string.Create(CultureInfo.InvariantCulture, $"all {relevant.Count} relevant documents have grade {relevant[0]}: nDCG sees at which place they are, and not which matters more"),
                "grade what answers fully higher than what helps, where there are such differences")
            { Figures = figures };
        }
    }
}
