using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Calibration.Building;
using DriftGuard.Core.Calibration.Linting;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Calibration.Editing;
using DriftGuard.Worker.Calibration.Linting;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Calibration;

/// <summary><c>calibration add</c>: judgements and queries into a set.</summary>
internal sealed class CalibrationAddCommand : DriftGuardCommand
{
    private readonly Argument<string> _set = new("set") { Description = "The calibration set, by name or folder" };
    private readonly Option<string?> _judgements = new("--judgements") { Description = "A sheet with query_id, document_id and grade, as lint --export-holes writes it; rows without a grade are passed over", HelpName = "FILE" };
    private readonly Option<string?> _queries = new("--queries") { Description = "Queries with their relevant documents: JSON Lines (id, text, relevant), a table or a BEIR folder", HelpName = "FILE" };
    private readonly Option<string?> _query = new("--query") { Description = "One query, with --relevant", HelpName = "TEXT" };
    private readonly Option<string[]> _relevant = new("--relevant")
    {
        Description = "Ids of the documents that answer it, with commas or several times",
        HelpName = "ID",
        CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _fields = new("--field") { Description = "A field of the query, such as lang=de; several times", HelpName = "NAME=VALUE" };
    private readonly Option<string?> _id = new("--id") { Description = "Id of the query; the next free one unless set", HelpName = "ID" };
    private readonly Option<bool> _replace = new("--replace") { Description = "Let new judgements take the place of those that they contradict" };
    private readonly SourceOptions _source = new();

    public CalibrationAddCommand()
        : base(
            "add", "Add judgements or queries to a calibration set; nothing is changed if anything is wrong",
            "driftguard calibration add support --judgements judged.csv", "driftguard calibration add support --query 'reset my password' --relevant kb-17,kb-204 --field lang=en",
            "driftguard calibration add support --queries more.csv --query-column question --document-column article")
    {
        Arguments.Add(_set);
        Options.Add(_judgements);
        Options.Add(_queries);
        Options.Add(_query);
        Options.Add(_relevant);
        Options.Add(_fields);
        Options.Add(_id);
        Options.Add(_replace);
        _source.AddTo(this);
        Validators.Add(result =>
        {
            var given = new[] { result.GetValue(_judgements), result.GetValue(_queries), result.GetValue(_query) }.Count(value => value is not null);
            if (given != 1)
            {
                result.AddError("what is added? Name one of --judgements, --queries and --query");
            }
            else if (result.GetValue(_query) is not null && result.GetResult(_relevant) is null)
            {
                result.AddError("--query needs --relevant: a query without a relevant document decides nothing");
            }
        });
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var (editor, set) = (new SetEditor(new CalibrationSets(context.Options.CalibrationSets.SearchPath)), arguments.GetRequiredValue(_set));
        var edited = arguments.GetValue(_judgements) is { } sheet ? await editor.AddJudgementsAsync(set, Path.GetFullPath(sheet), arguments.GetValue(_replace), context.CancellationToken)
            : arguments.GetValue(_queries) is { } queries ? await editor.AddQueriesAsync(set, _source.Of(arguments, queries), arguments.GetValue(_replace), context.CancellationToken)
            : editor.AddQuery(set, new(arguments.GetValue(_id), arguments.GetRequiredValue(_query)!, arguments.GetValue(_relevant) ?? [], FieldsOf(arguments)));
        context.Report(AddResult.Of(edited), Write);
        return ExitCode.Success;
    }

    private Dictionary<string, string> FieldsOf(ParseResult arguments)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in arguments.GetValue(_fields) ?? [])
        {
            var at = field.IndexOf('=', StringComparison.Ordinal);
            if (at < 1 || at == field.Length - 1 || field[..at] is "id" or "_id" or "text" || !fields.TryAdd(field[..at], field[(at + 1)..]))
            {
                throw new CommandException(ExitCode.Usage, $"--field '{field}': expected NAME=VALUE, such as lang=de, each name once and none of id and text");
            }
        }

        return fields;
    }

    private static void Write(IAnsiConsole console, AddResult result)
    {
        console.Say($"[green]added[/] {result.QueriesAdded} queries and {result.JudgementsAdded} judgements to {result.Folder}; {result.JudgementsReplaced} judgements replaced, {result.AlreadyThere} there already, {result.NotJudged} rows without a grade");
        foreach (var drop in result.Dropped)
        {
            console.Say($"[yellow]left out[/] {drop.Reason}: {drop.Count} ({string.Join("; ", drop.Examples)}{(drop.Count > drop.Examples.Count ? "; ..." : "")})");
        }

        LintView.WriteSummary(console, result.Lint, result.Folder);
    }
}

/// <summary>What was added to a set.</summary>
/// <param name="Name">The set.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="QueriesAdded">New queries.</param>
/// <param name="JudgementsAdded">New judgements.</param>
/// <param name="JudgementsReplaced">Judgements whose grade is another now.</param>
/// <param name="AlreadyThere">What the set had already.</param>
/// <param name="NotJudged">Rows without a grade.</param>
/// <param name="Dropped">What was left out of a file.</param>
/// <param name="Lint">The set looked through.</param>
internal sealed record AddResult(
    string Name, string Folder, int QueriesAdded, int JudgementsAdded, int JudgementsReplaced, int AlreadyThere, int NotJudged, IReadOnlyList<DroppedFromSource> Dropped, LintReport Lint)
{
    public static AddResult Of(EditedSet edited) => new(
        edited.Set.Name, edited.Folder, edited.QueriesAdded, edited.JudgementsAdded, edited.JudgementsReplaced, edited.AlreadyThere, edited.NotJudged, edited.Dropped, SetLinter.Look(edited.Set));
}
