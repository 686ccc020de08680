using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Building;
using DriftGuard.Core.Calibration.Editing;
using DriftGuard.Core.Text;
using DriftGuard.Worker.Calibration.Building;

namespace DriftGuard.Worker.Calibration.Editing;

/// <summary>A query to add by hand.</summary>
/// <param name="Id">Its id; the next free one where null.</param>
/// <param name="Text">What is searched for.</param>
/// <param name="Relevant">Ids of the documents that answer it.</param>
/// <param name="Fields">Its other fields.</param>
public sealed record NewQuery(string? Id, string Text, IReadOnlyList<string> Relevant, IReadOnlyDictionary<string, string> Fields);

/// <summary>What an edit did to a set.</summary>
/// <param name="Folder">The set's folder.</param>
/// <param name="Set">The set as it is now.</param>
/// <param name="QueriesAdded">New queries.</param>
/// <param name="JudgementsAdded">New judgements.</param>
/// <param name="JudgementsReplaced">Judgements whose grade is another now.</param>
/// <param name="AlreadyThere">What the set had already, as it is.</param>
/// <param name="NotJudged">Rows of a sheet without a grade.</param>
/// <param name="Dropped">What was left out of a file of queries.</param>
public sealed record EditedSet(
    string Folder, CalibrationSet Set, int QueriesAdded, int JudgementsAdded, int JudgementsReplaced, int AlreadyThere, int NotJudged, IReadOnlyList<DroppedFromSource> Dropped);

/// <summary>
/// Adds to a set, one process at a time. Queries are put in place before judgements: judgements of queries that are not there would make the
/// set unsound. Cut off between the two renames, the set loads, decides by the queries that it had, warns of those that nothing is relevant to
/// yet, and the same command makes up for it: a query without an id is the one of its text.
/// </summary>
/// <param name="sets">The sets there are.</param>
public sealed class SetEditor(CalibrationSets sets)
{
    private const string Command = "the command line";

    /// <summary>Takes the grades of a sheet that was filled in.</summary>
    /// <exception cref="OperatorException">Something in it is wrong or contradicts the set; nothing was changed.</exception>
    /// <exception cref="CalibrationSetException">The set cannot be read, or would not be sound; nothing was changed.</exception>
    public async Task<EditedSet> AddJudgementsAsync(string set, string file, bool replace, CancellationToken cancellation)
    {
        var folder = sets.FolderOf(set);
        using var held = SetLock.Take(folder);
        var sheet = JudgementSheet.Read(Path.GetFileName(file), DelimitedText.Read(await SourceFile.ReadAsync(file, cancellation)), out var problems);
        return SourceReader.Refusal(file, problems) is { } refusal
            ? throw refusal
            : Edit(folder, new([], sheet.Judgements, replace, Path.GetFileName(file))) with { NotJudged = sheet.Empty };
    }

    /// <summary>Adds a query.</summary>
    /// <exception cref="OperatorException">It contradicts the set; nothing was changed.</exception>
    /// <exception cref="CalibrationSetException">The set cannot be read, or would not be sound; nothing was changed.</exception>
    public EditedSet AddQuery(string set, NewQuery query)
    {
        var folder = sets.FolderOf(set);
        using var held = SetLock.Take(folder);
        var known = CalibrationSetFolder.Load(folder);
        var named = query.Id is { } given ? new DraftQuery(given, query.Text, query.Fields)
            : NewQueryIds.Of(SetFiles.Read(folder).Queries, new() { Queries = [new("new", query.Text, query.Fields)], QueriesAreNumbered = true }).Queries[0];
        var id = named.Id;
        if (new[] { id }.Concat(query.Relevant).FirstOrDefault(name => !CalibrationLines.IsId(name)) is { } wrong)
        {
            throw new OperatorException(OperatorError.Invalid, $"'{wrong}' is no id; expected a text without tabs and line breaks");
        }

        var same = known.Queries.FirstOrDefault(other => query.Id is null && QueryText.Normalised(other.Text) == QueryText.Normalised(query.Text));
        return same is not null
            ? throw new OperatorException(OperatorError.Conflict, $"query '{same.Id}' of the set has that text already; name it with --id to judge more documents for it")
            : Edit(folder, new([named], [.. query.Relevant.Distinct(StringComparer.Ordinal).Select(document => new SheetJudgement(0, id, document, 1))], Replace: false, Command));
    }

    /// <summary>Adds the queries and judgements of a table, a BEIR folder, or JSON Lines of queries with their relevant documents.</summary>
    /// <exception cref="OperatorException">Something in it is wrong or contradicts the set; nothing was changed.</exception>
    /// <exception cref="CalibrationSetException">The set cannot be read, or would not be sound; nothing was changed.</exception>
    public async Task<EditedSet> AddQueriesAsync(string set, SetSource source, bool replace, CancellationToken cancellation)
    {
        var folder = sets.FolderOf(set);
        using var held = SetLock.Take(folder);
        var draft = SourceFormats.Of(source.Path) == SourceFormat.Log
            ? await QueryFile.ReadAsync(source.Path, cancellation)
            : await SourceReader.ReadAsync(source, SourceFormats.Of(source.Path), cancellation);
        CalibrationSetFolder.Load(folder); // Of a set with errors the ids are not known either.
        draft = NewQueryIds.Of(SetFiles.Read(folder).Queries, draft);
        IReadOnlyList<SheetJudgement> judgements = [.. draft.Judgements.Select(judgement => new SheetJudgement(0, judgement.QueryId, judgement.DocumentId, judgement.Grade))];
        return Edit(folder, new(draft.Queries, judgements, replace, Path.GetFileName(source.Path))) with { Dropped = draft.Dropped };
    }

    private static EditedSet Edit(string folder, CalibrationAddition addition)
    {
        // A set with errors is not added to: its lines could not be told apart.
        var header = CalibrationSetFolder.Load(folder).Header;
        var before = SetFiles.Read(folder);
        var edit = CalibrationSetEdit.Of(before, addition, out var problems);
        if (SourceReader.Refusal(addition.Source, problems) is { } refusal)
        {
            throw refusal;
        }

        var found = CalibrationSetParser.Parse(header, edit.Text, out var set);
        if (set is null)
        {
            throw new CalibrationSetException(folder, found);
        }

        List<(string File, string Content)> changed = [];
        if (!ReferenceEquals(edit.Text.Queries, before.Queries))
        {
            changed.Add((CalibrationSetFiles.Queries, edit.Text.Queries));
        }

        if (!ReferenceEquals(edit.Text.Qrels, before.Qrels))
        {
            changed.Add((CalibrationSetFiles.Qrels, edit.Text.Qrels));
        }

        // An editor takes no lock.
        if (SetFiles.Read(folder) is var now && (now.Queries != before.Queries || now.Qrels != before.Qrels))
        {
            throw new OperatorException(OperatorError.Conflict, $"the calibration set in {folder} was changed while it was added to; nothing was written, try again");
        }

        if (changed.Count > 0)
        {
            SetFiles.Replace(folder, changed);
        }

        return new(folder, set, edit.QueriesAdded, edit.JudgementsAdded, edit.JudgementsReplaced, edit.AlreadyThere, NotJudged: 0, []);
    }
}
