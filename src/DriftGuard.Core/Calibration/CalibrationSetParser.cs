using DriftGuard.Core.Retrieval;

namespace DriftGuard.Core.Calibration;

/// <summary>Makes a calibration set of its files' contents. Every problem of every file is found in one pass.</summary>
public static class CalibrationSetParser
{
    private const int Named = 5;

    /// <summary>Reads a set.</summary>
    /// <param name="header">What <c>set.yaml</c> declares; null where it could not be read, which leaves the rest to be checked.</param>
    /// <param name="text">The other files' contents.</param>
    /// <param name="set">The set, with its warnings; null where a problem is an error, or there is no header.</param>
    /// <returns>All problems.</returns>
    public static IReadOnlyList<CalibrationProblem> Parse(CalibrationSetHeader? header, CalibrationSetText text, out CalibrationSet? set)
    {
        var problems = new ProblemList();
        var queries = JsonLines.Read(CalibrationSetFiles.Queries, text.Queries, problems);
        var queryIds = queries.Select(query => query.Id).ToHashSet(StringComparer.Ordinal);
        queries.RemoveAll(query => IsEmpty(query, problems));
        var corpus = text.Corpus is null ? null : ReadCorpus(text.Corpus, problems);
        var judgements = JudgementLines.Read(text.Qrels, problems);
        CheckQueryIds(judgements, queryIds, problems);
        CheckDocumentIds(judgements, corpus, problems);
        var pairs = text.Pairs is null ? [] : PairLines.Read(text.Pairs, problems, header?.Pairs.Slices);
        if (header?.Labels == CalibrationLabels.Weak)
            problems.Warning(CalibrationSetFiles.Header, null, $"{WeakLabels.Favour}; {WeakLabels.Advice}.");

        var (kept, qrels) = Assemble(header, queries, judgements, problems);
        set = problems.HasErrors || header is null
            ? null
            : new CalibrationSet { Header = header, Queries = kept, Qrels = qrels, Corpus = corpus, Pairs = pairs, Warnings = problems.All };
        return problems.All;
    }

    /// <summary>The ids of all queries of a file, judged or not; lines that are none are passed over.</summary>
    public static IReadOnlySet<string> QueryIds(string queries) =>
        JsonLines.Read(CalibrationSetFiles.Queries, queries, new ProblemList()).Select(query => query.Id).ToHashSet(StringComparer.Ordinal);

    private static bool IsEmpty(JsonRecord query, ProblemList problems)
    {
        if (!string.IsNullOrWhiteSpace(query.Text))
            return false;
        problems.Error(CalibrationSetFiles.Queries, query.Line, $"the text of query '{query.Id}' is empty; it would search for nothing.");
        return true;
    }

    private static List<CalibrationDocument> ReadCorpus(string content, ProblemList problems)
    {
        var documents = JsonLines.Read(CalibrationSetFiles.Corpus, content, problems);
        var empty = documents.Where(document => string.IsNullOrWhiteSpace(document.Text)).ToArray();
        if (empty.Length > 0)
        {
            problems.Warning(
                CalibrationSetFiles.Corpus, empty[0].Line, $"{Some(empty.Select(document => document.Id))} without text; what is embedded says nothing of {(empty.Length == 1 ? "it" : "them")}.");
        }

        return documents.ConvertAll(document => new CalibrationDocument(document.Id, document.Text, document.Others));
    }

    private static void CheckQueryIds(List<Judgement> judgements, HashSet<string> queryIds, ProblemList problems)
    {
        foreach (var lines in judgements.Where(judgement => !queryIds.Contains(judgement.QueryId)).GroupBy(judgement => judgement.QueryId, StringComparer.Ordinal))
        {
            problems.Error(
                CalibrationSetFiles.Qrels,
                lines.First().Line,
                $"query '{lines.Key}' is not in {CalibrationSetFiles.Queries} ({lines.Count()} {(lines.Count() == 1 ? "line names" : "lines name")} it).");
        }
    }

    private static void CheckDocumentIds(List<Judgement> judgements, List<CalibrationDocument>? corpus, ProblemList problems)
    {
        if (corpus is null)
            return;
        var known = corpus.Select(document => document.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var lines in judgements.Where(judgement => !known.Contains(judgement.DocumentId)).GroupBy(judgement => judgement.DocumentId, StringComparer.Ordinal))
        {
            // A document judged not relevant changes nothing by its absence.
            var message = $"document '{lines.Key}' is not in {CalibrationSetFiles.Corpus} ({lines.Count()} {(lines.Count() == 1 ? "line names" : "lines name")} it).";
            if (lines.Any(judgement => judgement.Grade >= 1))
                problems.Error(CalibrationSetFiles.Qrels, lines.First().Line, message);
            else
                problems.Warning(CalibrationSetFiles.Qrels, lines.First().Line, message);
        }
    }

    private static (List<CalibrationQuery> Queries, Qrels Qrels) Assemble(
        CalibrationSetHeader? header, List<JsonRecord> queries, List<Judgement> judgements, ProblemList problems)
    {
        var byQuery = judgements
            .GroupBy(judgement => judgement.QueryId, StringComparer.Ordinal)
            .ToDictionary(lines => lines.Key, lines => lines.ToDictionary(line => line.DocumentId, line => line.Grade, StringComparer.Ordinal), StringComparer.Ordinal);
        var groups = new QueryGroups();
        var kept = new List<CalibrationQuery>();
        var leftOut = new List<JsonRecord>();
        foreach (var query in queries)
        {
            if (!byQuery.TryGetValue(query.Id, out var grades) || !grades.Values.Any(grade => grade >= 1))
            {
                leftOut.Add(query);
                continue;
            }

            var fields = PlainValue.Fields(query.Others);
            var group = header?.GroupField is not { } groupField
                ? groups.OfRelevant(grades.Where(entry => entry.Value >= 1).Select(entry => entry.Key))
                : fields.TryGetValue(groupField, out var key)
                    ? groups.Of(key)
                    : MissingGroup(query, groupField, problems);
            kept.Add(new CalibrationQuery(query.Id, query.Text, group, fields));
        }

        if (leftOut.Count > 0)
        {
            problems.Warning(
                CalibrationSetFiles.Queries, leftOut[0].Line, $"{Some(leftOut.Select(query => query.Id))} without a relevant document in {CalibrationSetFiles.Qrels}, left out.");
        }

        if (kept.Count == 0)
            problems.Warning(CalibrationSetFiles.Queries, null, "has no query with a relevant document; nothing can be decided by it.");
        CheckSlices(header, kept, problems);
        return (kept, new Qrels(kept.Select(query => KeyValuePair.Create(query.Id, (IReadOnlyDictionary<string, int>)byQuery[query.Id]))));
    }

    private static int MissingGroup(JsonRecord query, string groupField, ProblemList problems)
    {
        problems.Error(CalibrationSetFiles.Queries, query.Line, $"query '{query.Id}' has no '{groupField}', which {CalibrationSetFiles.Header} declares as group_field.");
        return -1;
    }

    private static void CheckSlices(CalibrationSetHeader? header, List<CalibrationQuery> queries, ProblemList problems)
    {
        foreach (var slice in header?.Slices ?? [])
        {
            if (queries.Count > 0 && !queries.Exists(query => query.Fields.ContainsKey(slice.Field)))
                problems.Error(CalibrationSetFiles.Header, null, $"slice '{slice.Field}' is a field of no query in {CalibrationSetFiles.Queries}.");
        }
    }

    private static string Some(IEnumerable<string> ids)
    {
        var all = ids.ToArray();
        var named = string.Join(", ", all.Take(Named).Select(id => $"'{id}'"));
        return all.Length > Named ? $"{named} and {all.Length - Named} more are" : all.Length == 1 ? $"{named} is" : $"{named} are";
    }
}
