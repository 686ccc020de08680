using DriftGuard.Core.Text;

namespace DriftGuard.Core.Calibration.Building;

/// <summary>Which columns of a table hold what, where their names do not say so themselves.</summary>
public sealed record TableColumns
{
    private static readonly string[] QueryNames = ["query", "query_text", "question", "text"];
    private static readonly string[] IdNames = ["query_id", "queryid", "qid", "id"];
    private static readonly string[] DocumentNames =
        ["document_id", "document_ids", "doc_id", "doc_ids", "docid", "corpus_id", "relevant", "relevant_id", "relevant_ids", "pid", "passage_id"];

    private static readonly string[] GradeNames = ["grade", "score", "relevance", "judgement", "judgment"];
    private static readonly string[] TextNames = ["document_text", "doc_text", "passage", "passage_text", "text"];

    // A table that was exported for judging has the place of each result, of no use in a set; the others are a query's own keys.
    private static readonly string[] Ignored = ["rank", "id", "_id", "text"];

    /// <summary>The column of the query's text.</summary>
    public string? Query { get; init; }

    /// <summary>The column of the query's id.</summary>
    public string? Id { get; init; }

    /// <summary>The column of the document's id, or of several.</summary>
    public string? Document { get; init; }

    /// <summary>The column of the grade.</summary>
    public string? Grade { get; init; }

    /// <summary>The column of the document's text.</summary>
    public string? Text { get; init; }

    /// <summary>Finds the columns in a header.</summary>
    /// <param name="header">The header.</param>
    /// <param name="problems">Columns that were named and are not there.</param>
    /// <returns>Positions, -1 for what there is no column of; and the columns that are fields of the query.</returns>
    internal TablePlaces Find(IReadOnlyList<string> header, List<string> problems)
    {
        var query = Place(header, Query, QueryNames, "query", problems);
        var places = new TablePlaces(
            query,
            Place(header, Id, IdNames, "id", problems),
            Place(header, Document, DocumentNames, "document", problems),
            Place(header, Grade, GradeNames, "grade", problems),
            Place(header, Text, TextNames, "text", problems),
            []);
        if (places.Text == query)
            places = places with { Text = -1 };
        int[] taken = [places.Query, places.Id, places.Document, places.Grade, places.Text];
        return places with
        {
            Fields = [.. Enumerable.Range(0, header.Count).Where(i => header[i].Length > 0 && !taken.Contains(i) && !Ignored.Contains(Folded(header[i]), StringComparer.Ordinal)).DistinctBy(i => header[i], StringComparer.Ordinal)],
        };
    }

    private static int Place(IReadOnlyList<string> header, string? named, string[] known, string what, List<string> problems)
    {
        if (named is not null)
        {
            var exact = header.ToList().FindIndex(name => string.Equals(name, named, StringComparison.OrdinalIgnoreCase));
            if (exact < 0)
            {
                var meant = NearestName.Find(named, header) is { } near ? $"; did you mean '{near}'?" : "";
                problems.Add($"there is no column '{named}' for --{what}-column; the header has {string.Join(", ", header)}{meant}");
            }

            return exact;
        }

        return known.Select(name => header.ToList().FindIndex(column => Folded(column) == name)).FirstOrDefault(place => place >= 0, -1);
    }

    private static string Folded(string name) => name.Trim().ToLowerInvariant().Replace('-', '_').Replace(' ', '_');
}

/// <summary>Positions of a table's columns.</summary>
internal sealed record TablePlaces(int Query, int Id, int Document, int Grade, int Text, IReadOnlyList<int> Fields);
