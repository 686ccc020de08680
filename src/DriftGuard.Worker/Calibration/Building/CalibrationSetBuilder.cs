using System.Globalization;
using System.Text;
using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Building;
using DriftGuard.Worker.Drift.Queries;

namespace DriftGuard.Worker.Calibration.Building;

/// <summary>Builds calibration sets of what people have: tables, BEIR folders, logs.</summary>
public static class CalibrationSetBuilder
{
    /// <summary>Builds a set, and loads what was written.</summary>
    /// <param name="source">What it is built from.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="today">The date, for the set's description.</param>
    /// <param name="cancellation">Cancels; nothing is left then.</param>
    /// <exception cref="OperatorException">The source is wrong or gives nothing, or something stands in the place of the set; nothing was written.</exception>
    /// <exception cref="CalibrationSetException">What was made is no sound set; nothing was written.</exception>
    public static async Task<BuiltSet> BuildAsync(SetSource source, SetTarget target, DateOnly today, CancellationToken cancellation)
    {
        var format = source.Format ?? SourceFormats.Of(source.Path);
        using var exchange = SetFolderExchange.Begin(target.Folder, target.Force);
        var draft = await SourceReader.ReadAsync(source, format, cancellation);
        var ownCorpus = source.WithCorpus || draft.CorpusIsNeeded;
        if (format == SourceFormat.Beir)
        {
            (draft, _) = await BeirCorpus.ApplyAsync(source.Path, draft, ownCorpus ? Path.Join(exchange.New, CalibrationSetFiles.Corpus) : null, cancellation);
        }
        else if (ownCorpus)
        {
            WriteCorpus(exchange, draft, source.Path);
        }

        draft = WithoutUnjudged(draft);
        RequireQueries(source.Path, draft);
        var detected = WithLanguages(draft, target.Languages);
        var queries = detected?.Queries ?? draft.Queries;
        RequireFields(queries, target.Slices);
        exchange.Write(CalibrationSetFiles.Queries, Lines(queries.Select(query => CalibrationLines.Query(query.Id, query.Text, query.Fields))));
        exchange.Write(CalibrationSetFiles.Qrels, Lines(draft.Judgements.Select(judgement => CalibrationLines.Judgement(judgement.QueryId, judgement.DocumentId, judgement.Grade)).Prepend(CalibrationLines.JudgementHeader)));
        var header = HeaderOf(source, target, format, draft, queries, ownCorpus, today);
        exchange.Write(CalibrationSetFiles.Header, CalibrationSetYamlWriter.Write(header));
        var set = CalibrationSetFolder.Load(exchange.New);
        exchange.Commit();
        return new(target.Folder, format, set, detected?.Counts ?? [], draft.Dropped, draft.Notes);
    }

    private static void WriteCorpus(SetFolderExchange exchange, CalibrationSetDraft draft, string source)
    {
        if (draft.Corpus is null)
        {
            throw new OperatorException(OperatorError.Invalid, $"{source} has no texts of documents, and --with-corpus asks for them; name their column with --text-column");
        }

        exchange.Write(CalibrationSetFiles.Corpus, Lines(draft.Corpus.Select(CalibrationLines.Document)));
    }

    /// <summary>A query whose judgements all went away is left out as well.</summary>
    private static CalibrationSetDraft WithoutUnjudged(CalibrationSetDraft draft)
    {
        var judged = draft.Judgements.Select(judgement => judgement.QueryId).ToHashSet(StringComparer.Ordinal);
        var left = draft.Queries.Where(query => !judged.Contains(query.Id)).ToList();
        return left.Count == 0 ? draft : draft with
        {
            Queries = [.. draft.Queries.Where(query => judged.Contains(query.Id))],
            Dropped = [.. draft.Dropped, new("queries without a judgement", left.Count, [.. left.Take(5).Select(query => query.Id)])],
        };
    }

    private static void RequireQueries(string source, CalibrationSetDraft draft)
    {
        if (draft.Judgements.Any(judgement => judgement.Grade >= 1))
        {
            return;
        }

        var why = draft.Dropped.Count == 0 ? "it has none" : string.Join("; ", draft.Dropped.Select(drop => $"{drop.Reason}: {drop.Count}"));
        throw new OperatorException(OperatorError.Invalid, $"{source} gives no query with a relevant document, nothing was written ({why})");
    }

    private static DetectedLanguages? WithLanguages(CalibrationSetDraft draft, bool asked) =>
        asked || (draft.Queries.All(query => !query.Fields.ContainsKey(LanguageField.Name)) && LanguageField.IsWorthwhile([.. draft.Queries.Select(query => query.Text)]))
            ? LanguageField.Add(draft.Queries, QueryLanguages.Of, shortOnesToo: asked)
            : null;

    private static void RequireFields(IReadOnlyList<DraftQuery> queries, IReadOnlyList<string> slices)
    {
        if (slices.FirstOrDefault(slice => !queries.Any(query => query.Fields.ContainsKey(slice))) is { } unknown)
        {
            var fields = queries.SelectMany(query => query.Fields.Keys).Distinct(StringComparer.Ordinal).ToList();
            throw new OperatorException(OperatorError.Invalid, $"no query has a field '{unknown}' for --slice; fields are {(fields.Count == 0 ? "none" : string.Join(", ", fields))}");
        }
    }

    private static CalibrationSetHeader HeaderOf(
        SetSource source, SetTarget target, SourceFormat format, CalibrationSetDraft draft, IReadOnlyList<DraftQuery> queries, bool ownCorpus, DateOnly today)
    {
        var languages = queries.Select(query => query.Fields.GetValueOrDefault(LanguageField.Name)).Where(language => language is not null).Distinct(StringComparer.Ordinal).Count();
        IEnumerable<string> slices = languages > 1 ? [LanguageField.Name, .. target.Slices] : target.Slices;
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(source.Path));
        return new()
        {
            Name = Path.GetFileName(target.Folder),
            Description = format switch
            {
                SourceFormat.Beir => $"Queries and judgements of the {source.Split} split of {name}.",
                SourceFormat.Log => $"Weak labels of logged clicks: {string.Join("; ", draft.Notes)}.",
                _ => $"Queries and judgements of {name}.",
            },
            Source = string.Create(CultureInfo.InvariantCulture, $"{name}, {today:yyyy-MM-dd}"),
            Labels = draft.Labels,
            // A loaded corpus keeps its documents' ids in the payload.
            IdField = target.IdField ?? (ownCorpus ? "id" : null),
            Slices = [.. slices.Distinct(StringComparer.Ordinal).Select(slice => new CalibrationSlice(slice))],
        };
    }

    private static string Lines(IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.Append(line).Append('\n');
        }

        return text.ToString();
    }
}

/// <summary>Where a set goes, and what it declares.</summary>
/// <param name="Folder">Its folder, whose name is the set's.</param>
public sealed record SetTarget(string Folder)
{
    /// <summary>Whether a set that is there is replaced.</summary>
    public bool Force { get; init; }

    /// <summary>Whether languages are detected also of short texts, and beside those that are given.</summary>
    public bool Languages { get; init; }

    /// <summary>The query fields that are slices, besides the language.</summary>
    public IReadOnlyList<string> Slices { get; init; } = [];

    /// <summary>The payload field of the ids; null where they are the points' own.</summary>
    public string? IdField { get; init; }
}

/// <summary>A set that was built.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Format">What it was built from.</param>
/// <param name="Set">The set, as it was read back.</param>
/// <param name="Languages">Languages that were detected, most first.</param>
/// <param name="Dropped">What was left out of the source.</param>
/// <param name="Notes">What one should know of how it was made.</param>
public sealed record BuiltSet(
    string Folder, SourceFormat Format, CalibrationSet Set, IReadOnlyList<KeyValuePair<string, int>> Languages, IReadOnlyList<DroppedFromSource> Dropped, IReadOnlyList<string> Notes);
