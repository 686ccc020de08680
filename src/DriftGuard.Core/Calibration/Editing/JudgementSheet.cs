using DriftGuard.Core.Calibration.Building;
using DriftGuard.Core.Text;

namespace DriftGuard.Core.Calibration.Editing;

/// <summary>A judgement of a sheet that somebody filled in.</summary>
/// <param name="Line">Its line.</param>
/// <param name="QueryId">The query.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="Grade">1 or more is relevant.</param>
public sealed record SheetJudgement(int Line, string QueryId, string DocumentId, int Grade);

/// <summary>A sheet of results to judge, as exported by the lint, with grades filled in.</summary>
/// <param name="Judgements">The judged rows.</param>
/// <param name="Empty">Rows without a grade: still to be judged.</param>
public sealed record JudgementSheet(IReadOnlyList<SheetJudgement> Judgements, int Empty)
{
    /// <summary>The columns that it is exported with.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["query_id", "query", "document_id", "document_text", "rank", "grade"];

    /// <summary>Reads a sheet: <c>query_id</c>, <c>document_id</c> and <c>grade</c> by their names, whatever else there is. A <c>qrels.tsv</c> is one too.</summary>
    /// <param name="file">Its name, for problems.</param>
    /// <param name="table">The table.</param>
    /// <param name="problems">Everything that is wrong, with its line.</param>
    public static JudgementSheet Read(string file, DelimitedText table, out IReadOnlyList<CalibrationProblem> problems)
    {
        var (wrong, judgements, empty) = (new ProblemList(), new List<SheetJudgement>(), 0);
        var places = new TableColumns().Find(table.Header, []);
        if (places.Id < 0 || places.Document < 0 || places.Grade < 0)
            wrong.Error(file, null, $"expected the columns query_id, document_id and grade; the header has {(table.Header.Count == 0 ? "nothing" : string.Join(", ", table.Header))}.");
        foreach (var problem in table.Problems)
            wrong.Error(file, problem.Line, problem.Message);
        foreach (var row in wrong.HasErrors ? [] : table.Rows)
        {
            var (query, document, grade) = (row.Cells[places.Id].Trim(), row.Cells[places.Document].Trim(), row.Cells[places.Grade]);
            if (string.IsNullOrWhiteSpace(grade))
                empty++;
            else if (!CalibrationLines.IsId(query) || !CalibrationLines.IsId(document))
                wrong.Error(file, row.Line, $"expected a query id and a document id; found '{query}' and '{document}'.");
            else if (TableImport.GradeOf(grade) is { } number)
                judgements.Add(new(row.Line, query, document, number));
            else
                wrong.Error(file, row.Line, $"the grade is '{grade.Trim()}'; expected a whole number (1 or more is relevant), yes or no, or nothing where it is not judged.");
        }

        foreach (var same in judgements.GroupBy(judgement => (judgement.QueryId, judgement.DocumentId)).Where(same => same.Select(j => j.Grade).Distinct().Count() > 1))
            wrong.Error(file, same.Last().Line, $"query '{same.Key.QueryId}' and document '{same.Key.DocumentId}' are judged {same.First().Grade} in line {same.First().Line} and {same.Last().Grade} here; keep one.");
        problems = wrong.All;
        return new([.. judgements.DistinctBy(judgement => (judgement.QueryId, judgement.DocumentId))], empty);
    }
}
