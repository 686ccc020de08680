using System.Text.Json;

namespace DriftGuard.Core.Calibration.Building;

/// <summary>Makes a set of a BEIR data set's queries and one of its files of judgements (Thakur et al. 2021).</summary>
public static class BeirImport
{
    private const string Metadata = "metadata";

    /// <summary>Reads them. Queries without a judgement are left out: a BEIR folder has those of all its splits.</summary>
    /// <param name="queriesFile">Name of the file of queries, for problems.</param>
    /// <param name="queries">Its contents.</param>
    /// <param name="qrelsFile">Name of the file of judgements, for problems.</param>
    /// <param name="qrels">Its contents.</param>
    /// <param name="problems">Everything that is wrong, with file and line.</param>
    /// <returns>The draft; of no use where a problem is an error.</returns>
    public static CalibrationSetDraft Read(string queriesFile, string queries, string qrelsFile, string qrels, out IReadOnlyList<CalibrationProblem> problems)
    {
        var (found, dropped) = (new ProblemList(), new DropCount());
        var records = JsonLines.Read(queriesFile, queries, found);
        var judgements = JudgementLines.Read(qrels, found, qrelsFile);
        var judged = judgements.Select(judgement => judgement.QueryId).ToHashSet(StringComparer.Ordinal);
        var kept = new List<DraftQuery>();
        foreach (var record in records)
        {
            if (!judged.Contains(record.Id))
                dropped.Add($"queries without a judgement in {qrelsFile}", record.Id);
            else if (string.IsNullOrWhiteSpace(record.Text))
                dropped.Add("queries without a text", record.Id);
            else
                kept.Add(new(record.Id, record.Text, Fields(record.Others)));
        }

        var known = kept.Select(query => query.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var judgement in judgements.Where(judgement => !known.Contains(judgement.QueryId)))
            dropped.Add("judgements of queries that are not there", $"line {judgement.Line}: {judgement.QueryId}");
        problems = found.All;
        return new()
        {
            Queries = kept,
            Judgements = [.. judgements.Where(judgement => known.Contains(judgement.QueryId)).Select(judgement => new DraftJudgement(judgement.QueryId, judgement.DocumentId, judgement.Grade))],
            Dropped = dropped.All,
        };
    }

    /// <summary>A line of <c>corpus.jsonl</c> as a document; its title and metadata become payload.</summary>
    /// <param name="file">Name of the file, for problems.</param>
    /// <param name="line">The line's number.</param>
    /// <param name="text">The line.</param>
    /// <param name="problem">What is wrong; null where there is a document.</param>
    public static CalibrationDocument? Document(string file, int line, string text, out CalibrationProblem? problem)
    {
        var problems = new ProblemList();
        var record = JsonLines.Read(file, text, problems).FirstOrDefault();
        problem = problems.All.Count > 0 ? problems.All[0] with { Line = line } : null;
        return record is null ? null : new(record.Id, record.Text, record.Others);
    }

    /// <summary>Plain values, those of the metadata object among them.</summary>
    private static Dictionary<string, string> Fields(IReadOnlyDictionary<string, JsonElement> others)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(others);
        if (others.TryGetValue(Metadata, out var metadata) && metadata.ValueKind == JsonValueKind.Object)
            Add(metadata.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, member.Value)));
        return fields;

        void Add(IEnumerable<KeyValuePair<string, JsonElement>> members)
        {
            foreach (var (name, value) in members)
            {
                if (name is not ("id" or "_id" or "text") && PlainValue.Of(value) is { } plain)
                    fields.TryAdd(name, plain);
            }
        }
    }
}
