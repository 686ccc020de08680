using System.Globalization;
using DriftGuard.Core.Calibration.Editing;
using DriftGuard.Core.Points;
using DriftGuard.Core.Text;

namespace DriftGuard.Core.Calibration.Building;

/// <summary>Makes a set of a table: a row a judgement, or a row a query with several ids in a cell.</summary>
public static class TableImport
{
    /// <summary>Reads it.</summary>
    /// <param name="file">Its name, for problems.</param>
    /// <param name="table">The table.</param>
    /// <param name="columns">Columns that are named.</param>
    /// <param name="separator">What separates several ids in a cell; null where a cell holds one.</param>
    /// <param name="problems">Everything that is wrong, with its line.</param>
    /// <returns>The draft; of no use where there are problems.</returns>
    public static CalibrationSetDraft Read(string file, DelimitedText table, TableColumns columns, string? separator, out IReadOnlyList<CalibrationProblem> problems)
    {
        var reader = new Reader(file, separator);
        var wrong = new List<string>();
        var places = columns.Find(table.Header, wrong);
        if (table.Header.Count == 0)
            wrong.Add("is empty; expected a header and one row a judgement");
        else if (wrong.Count == 0 && places.Query < 0)
            wrong.Add($"has no column with the queries; the header has {string.Join(", ", table.Header)}. Name it with --query-column");
        else if (wrong.Count == 0 && places is { Document: < 0, Text: < 0 })
            wrong.Add($"has no column with the relevant documents; the header has {string.Join(", ", table.Header)}. Name one with --document-column (ids) or --text-column (texts)");
        foreach (var message in wrong)
            reader.Problem(null, message.EndsWith('?') ? message : message + ".");
        foreach (var problem in table.Problems)
            reader.Problem(problem.Line, problem.Message);
        if (wrong.Count == 0)
        {
            foreach (var row in table.Rows)
                reader.Add(row, table.Header, places);
        }

        problems = [.. reader.Problems.OrderBy(problem => problem.Line)];
        return reader.Draft(places);
    }

    /// <summary>A grade as people write it: a whole number, yes or no, true or false.</summary>
    internal static int? GradeOf(string text) => text.Trim().ToLowerInvariant() switch
    {
        "yes" or "true" => 1,
        "no" or "false" => 0,
        var number when int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var grade) => grade,
        _ => null,
    };

    private sealed class Reader(string file, string? separator)
    {
        private readonly List<CalibrationProblem> problems = [];
        private readonly Dictionary<string, (DraftQuery Query, int Line)> queries = new(StringComparer.Ordinal);
        private readonly List<string> order = [];
        private readonly Dictionary<string, string> idOfText = new(StringComparer.Ordinal);
        private readonly Dictionary<(string Query, string Document), (int Grade, int Line)> grades = [];
        private readonly Dictionary<string, (string Text, int Line)> documents = new(StringComparer.Ordinal);
        private readonly DropCount dropped = new();

        public IReadOnlyList<CalibrationProblem> Problems => problems;

        public void Problem(int? line, string message) => problems.Add(new(CalibrationProblemSeverity.Error, file, line, message));

        public void Add(DelimitedRow row, IReadOnlyList<string> header, TablePlaces places)
        {
            var text = row.Cells[places.Query].Trim();
            if (text.Length == 0)
            {
                dropped.Add("rows without a query", $"line {row.Line}");
                return;
            }

            if (GradeIn(row, places) is not { } grade || QueryIn(row, text, header, places) is not { } query || DocumentsIn(row, places) is not { Count: > 0 } named)
                return;
            foreach (var document in named)
            {
                if (!grades.TryAdd((query, document), (grade, row.Line)))
                    Repeated(row.Line, query, document, grade, grades[(query, document)]);
            }
        }

        public CalibrationSetDraft Draft(TablePlaces places)
        {
            var judged = grades.Keys.Select(key => key.Query).ToHashSet(StringComparer.Ordinal);
            var byText = places is { Document: < 0, Text: >= 0 };
            return new()
            {
                Queries = [.. order.Where(judged.Contains).Select(id => queries[id].Query)],
                Judgements = [.. grades.Select(entry => new DraftJudgement(entry.Key.Query, entry.Key.Document, entry.Value.Grade))],
                Corpus = documents.Count == 0 ? null : [.. documents.Select(d => new CalibrationDocument(d.Key, d.Value.Text, new Dictionary<string, System.Text.Json.JsonElement>(StringComparer.Ordinal)))],
                CorpusIsNeeded = byText,
                QueriesAreNumbered = places.Id < 0,
                Dropped = dropped.All,
                Notes = byText ? ["the ids of documents are made of their texts: load corpus.jsonl of this set, or documents with these ids, into the index"] : [],
            };
        }

        private int? GradeIn(DelimitedRow row, TablePlaces places)
        {
            if (places.Grade < 0)
                return 1;
            var cell = row.Cells[places.Grade];
            if (string.IsNullOrWhiteSpace(cell))
            {
                dropped.Add("rows without a grade, not judged", $"line {row.Line}");
                return null;
            }

            if (GradeOf(cell) is { } grade)
                return grade;
            Problem(row.Line, $"the grade is '{cell.Trim()}'; expected a whole number (1 or more is relevant), or yes or no.");
            return null;
        }

        private string? QueryIn(DelimitedRow row, string text, IReadOnlyList<string> header, TablePlaces places)
        {
            var id = places.Id < 0 ? IdOf(text) : row.Cells[places.Id].Trim();
            if (!CalibrationLines.IsId(id))
            {
                Problem(row.Line, $"the query id is '{id}'; expected a text without tabs and line breaks.");
                return null;
            }

            var fields = places.Fields.Where(i => row.Cells[i].Trim().Length > 0).ToDictionary(i => header[i], i => row.Cells[i].Trim(), StringComparer.Ordinal);
            if (queries.TryAdd(id, (new(id, text, fields), row.Line)))
            {
                order.Add(id);
                return id;
            }

            var (first, line) = queries[id];
            if (first.Text != text)
            {
                Problem(row.Line, $"query '{id}' has another text than in line {line}; an id has one text.");
                return null;
            }

            foreach (var (field, value) in fields)
            {
                if (first.Fields.GetValueOrDefault(field) is { } other && other != value)
                    dropped.Add($"values of '{field}' that differ from the first row of their query", $"line {row.Line}: {value}");
            }

            return id;
        }

        /// <summary>Rows with the same text are one query where there are no ids.</summary>
        private string IdOf(string text)
        {
            if (!idOfText.TryGetValue(text, out var id))
                idOfText.Add(text, id = NewQueryIds.Of(idOfText.Count + 1));
            return id;
        }

        private List<string> DocumentsIn(DelimitedRow row, TablePlaces places)
        {
            var text = places.Text < 0 ? "" : row.Cells[places.Text];
            if (places.Document < 0)
            {
                if (string.IsNullOrWhiteSpace(text))
                {
                    dropped.Add("rows without a document", $"line {row.Line}");
                    return [];
                }

                var made = $"d-{ContentHash.Of(text)[..16]}";
                documents.TryAdd(made, (text, row.Line));
                return [made];
            }

            var cell = row.Cells[places.Document].Trim();
            List<string> ids = [.. (string.IsNullOrEmpty(separator) ? [cell] : cell.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Where(id => id.Length > 0)];
            if (ids.Count == 0)
                dropped.Add("rows without a document", $"line {row.Line}");
            foreach (var id in ids.Where(id => !CalibrationLines.IsId(id)))
                Problem(row.Line, $"the document id '{id}' has a tab or a line break in it; name what separates several ids with --separator.");
            if (ids is [var only] && !string.IsNullOrWhiteSpace(text) && !documents.TryAdd(only, (text, row.Line)) && documents[only].Text != text)
                Problem(row.Line, $"document '{only}' has another text than in line {documents[only].Line}; an id has one text.");
            return ids;
        }

        private void Repeated(int line, string query, string document, int grade, (int Grade, int Line) first)
        {
            if (first.Grade == grade)
                dropped.Add("judgements that are there twice", $"line {line}: {query} and {document}");
            else
                Problem(line, $"query '{query}' and document '{document}' are judged {first.Grade} in line {first.Line} and {grade} here; keep one.");
        }
    }
}
