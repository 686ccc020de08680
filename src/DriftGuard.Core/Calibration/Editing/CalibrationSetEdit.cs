using System.Text;
using DriftGuard.Core.Calibration.Building;

namespace DriftGuard.Core.Calibration.Editing;

/// <summary>What an edit adds to a set.</summary>
/// <param name="Queries">New queries, each with the line it came from.</param>
/// <param name="Judgements">Judgements, of old and of new queries.</param>
/// <param name="Replace">Whether a judgement that contradicts an existing one takes its place; otherwise it is refused.</param>
/// <param name="Source">Name of the file they come from, for problems.</param>
public sealed record CalibrationAddition(IReadOnlyList<DraftQuery> Queries, IReadOnlyList<SheetJudgement> Judgements, bool Replace, string Source);

/// <summary>A set's files after an edit, and what it changed.</summary>
/// <param name="Text">The files; those of the set where nothing changed.</param>
/// <param name="QueriesAdded">New queries.</param>
/// <param name="JudgementsAdded">New judgements.</param>
/// <param name="JudgementsReplaced">Judgements whose grade is another now.</param>
/// <param name="AlreadyThere">Queries and judgements that the set had already, as they are.</param>
public sealed record CalibrationSetEdit(CalibrationSetText Text, int QueriesAdded, int JudgementsAdded, int JudgementsReplaced, int AlreadyThere)
{
    /// <summary>Makes the edit. Lines keep their order and their form; what is new stands at the end.</summary>
    /// <param name="text">The set's files, sound or not.</param>
    /// <param name="addition">What is added.</param>
    /// <param name="problems">What contradicts the set, all of it.</param>
    public static CalibrationSetEdit Of(CalibrationSetText text, CalibrationAddition addition, out IReadOnlyList<CalibrationProblem> problems)
    {
        var (wrong, ignored) = (new ProblemList(), new ProblemList());
        var queries = JsonLines.Read(CalibrationSetFiles.Queries, text.Queries, ignored).ToDictionary(query => query.Id, StringComparer.Ordinal);
        var there = JudgementLines.Read(text.Qrels, ignored).ToDictionary(judgement => (judgement.QueryId, judgement.DocumentId));
        var (same, newQueries) = (0, new List<string>());
        foreach (var query in addition.Queries)
        {
            if (!queries.TryGetValue(query.Id, out var known))
            {
                newQueries.Add(CalibrationLines.Query(query.Id, query.Text, query.Fields));
                queries.Add(query.Id, new(0, query.Id, query.Text, new Dictionary<string, System.Text.Json.JsonElement>(StringComparer.Ordinal)));
            }
            else if (known.Text == query.Text)
            {
                same++;
            }
            else
            {
                wrong.Error(addition.Source, null, $"query '{query.Id}' is in the set already, with another text ('{known.Text}'); give the new one another id.");
            }
        }

        var (added, replaced) = (new List<string>(), new Dictionary<int, string>());
        foreach (var judgement in addition.Judgements)
        {
            var line = CalibrationLines.Judgement(judgement.QueryId, judgement.DocumentId, judgement.Grade);
            int? at = judgement.Line > 0 ? judgement.Line : null;
            if (!queries.ContainsKey(judgement.QueryId))
                wrong.Error(addition.Source, at, $"query '{judgement.QueryId}' is not in the set; add it with --query or --queries.");
            else if (!there.TryGetValue((judgement.QueryId, judgement.DocumentId), out var before))
                added.Add(line);
            else if (before.Grade == judgement.Grade)
                same++;
            else if (addition.Replace)
                replaced[before.Line] = line;
            else
                wrong.Error(addition.Source, at, $"query '{judgement.QueryId}' and document '{judgement.DocumentId}' are judged {before.Grade} in the set and {judgement.Grade} here; --replace takes the new ones.");
        }

        problems = wrong.All;
        return new(
            text with
            {
                Queries = Append(text.Queries, newQueries),
                Qrels = Append(Replace(text.Qrels, replaced), added),
            },
            newQueries.Count, added.Count, replaced.Count, same);
    }

    private static string Append(string content, List<string> lines)
    {
        if (lines.Count == 0)
            return content;
        var text = new StringBuilder(content);
        if (content.Length > 0 && !content.EndsWith('\n'))
            text.Append('\n');
        foreach (var line in lines)
            text.Append(line).Append('\n');
        return text.ToString();
    }

    private static string Replace(string content, Dictionary<int, string> replaced)
    {
        if (replaced.Count == 0)
            return content;
        var lines = content.Split('\n');
        foreach (var (number, line) in replaced)
            lines[number - 1] = lines[number - 1].EndsWith('\r') ? line + "\r" : line;
        return string.Join('\n', lines);
    }
}
