using System.CommandLine;
using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Building;
using DriftGuard.Core.Calibration.Linting;
using DriftGuard.Worker.Calibration.Building;
using DriftGuard.Worker.Calibration.Linting;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Calibration;

/// <summary><c>calibration init</c>: a set of what people have.</summary>
internal sealed class CalibrationInitCommand : DriftGuardCommand
{
    private readonly Argument<string> _name = new("name") { Description = "Name of the set, and of its folder" };
    private readonly Option<string> _from = new("--from") { Description = "A table, a BEIR folder, or JSON Lines of searches with clicks; .gz too", HelpName = "FILE-OR-FOLDER", Required = true };
    private readonly Option<string?> _into = new("--into") { Description = "The folder that holds sets; the first of calibrationSets.roots unless set, or this one", HelpName = "DIR" };
    private readonly Option<SourceFormat?> _format = EnumOption.Optional<SourceFormat>("--format", "What the source is; found out unless set");
    private readonly Option<bool> _force = new("--force") { Description = "Replace a set that is there under the name, with all that was added to it" };
    private readonly Option<bool> _withCorpus = new("--with-corpus") { Description = "Take the documents along, so that the set brings its own index" };
    private readonly Option<bool> _languages = new("--languages") { Description = "Detect the language of each query as field 'lang', also of short texts; without this only where texts are long enough" };
    private readonly Option<string[]> _slices = new("--slice") { Description = "A query field whose values must not be left behind; languages always", HelpName = "FIELD" };
    private readonly Option<string?> _idField = new("--id-field") { Description = "The payload field of the documents' ids, where those are not the points' own", HelpName = "FIELD" };
    private readonly Option<int?> _minimumSessions = NumberOption.Create("--min-sessions", $"Clicks: a query text counts from this many sessions on; {ClickLabelOptions.DefaultSessions} unless set", 1, 1_000_000);
    private readonly Option<int?> _minimumClicks = NumberOption.Create("--min-clicks", $"Clicks: a document is relevant from clicks in this many sessions on; {ClickLabelOptions.DefaultClicks} unless set", 1, 1_000_000);
    private readonly SourceOptions _source = new();

    public CalibrationInitCommand()
        : base(
            "init", "Build a calibration set of a table, a BEIR folder, or logged searches with clicks (weak labels)",
            "driftguard calibration init support --from tickets.csv --query-column question --document-column article",
            "driftguard calibration init scifact --from ./scifact --split test --with-corpus",
            "driftguard calibration init clicks --from searches.jsonl --min-sessions 5")
    {
        Arguments.Add(_name);
        Options.Add(_from);
        Options.Add(_into);
        Options.Add(_format);
        Options.Add(_force);
        Options.Add(_withCorpus);
        Options.Add(_languages);
        Options.Add(_slices);
        Options.Add(_idField);
        _source.AddTo(this);
        Options.Add(_minimumSessions);
        Options.Add(_minimumClicks);
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var built = await CalibrationSetBuilder.BuildAsync(
            _source.Of(arguments, arguments.GetRequiredValue(_from)) with
            {
                Format = arguments.GetValue(_format),
                WithCorpus = arguments.GetValue(_withCorpus),
                Clicks = new(arguments.GetValue(_minimumSessions) ?? ClickLabelOptions.DefaultSessions, arguments.GetValue(_minimumClicks) ?? ClickLabelOptions.DefaultClicks),
            },
            TargetOf(context, arguments), DateOnly.FromDateTime(context.Time.GetUtcNow().UtcDateTime), context.CancellationToken);
        context.Report(InitResult.Of(built), Write);
        return ExitCode.Success;
    }

    private SetTarget TargetOf(CommandContext context, ParseResult arguments)
    {
        var name = arguments.GetRequiredValue(_name);
        if (name.Length == 0 || name.StartsWith('.') || name.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) >= 0 || name.Trim().Length != name.Length)
        {
            throw new CommandException(ExitCode.Usage, $"'{name}' cannot be the name of a set", "A name is that of a folder, such as support-2026; where it goes is --into.");
        }

        var into = arguments.GetValue(_into) ?? (context.Options.CalibrationSets.Roots is [var root, ..] ? root : ".");
        return new(Path.Join(Path.GetFullPath(into), name))
        {
            Force = arguments.GetValue(_force),
            Languages = arguments.GetValue(_languages),
            Slices = arguments.GetValue(_slices) ?? [],
            IdField = arguments.GetValue(_idField),
        };
    }

    private static void Write(IAnsiConsole console, InitResult result)
    {
        console.Say($"[green]written[/] {result.Folder}");
        foreach (var note in result.Notes)
        {
            console.Say($"    {note}");
        }

        if (result.Languages.Count > 0)
        {
            console.Say($"    languages: {string.Join(", ", result.Languages.Select(language => string.Create(CultureInfo.InvariantCulture, $"{language.Key} {language.Value}")))}");
        }

        foreach (var drop in result.Dropped)
        {
            console.Say($"[yellow]left out[/] {drop.Reason}: {drop.Count} ({string.Join("; ", drop.Examples)}{(drop.Count > drop.Examples.Count ? "; ..." : "")})");
        }

        LintView.WriteSummary(console, result.Lint, result.Folder);
        console.Say($"[grey]use it: driftguard evaluate INDEX --calibration-set {result.Folder}[/]");
    }
}

/// <summary>A set that was built.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="Format">What it was built from.</param>
/// <param name="Labels">Where the judgements come from.</param>
/// <param name="Slices">The fields that are slices.</param>
/// <param name="Languages">Queries by detected language.</param>
/// <param name="Dropped">What was left out of the source.</param>
/// <param name="Notes">What one should know of how it was made.</param>
/// <param name="Lint">The set looked through.</param>
internal sealed record InitResult(
    string Name, string Folder, SourceFormat Format, CalibrationLabels Labels, IReadOnlyList<string> Slices, IReadOnlyDictionary<string, int> Languages,
    IReadOnlyList<DroppedFromSource> Dropped, IReadOnlyList<string> Notes, LintReport Lint)
{
    public static InitResult Of(BuiltSet built) => new(
        built.Set.Name, built.Folder, built.Format, built.Set.Header.Labels, [.. built.Set.Header.Slices.Select(slice => slice.Field)],
        built.Languages.ToDictionary(StringComparer.Ordinal), built.Dropped, built.Notes, SetLinter.Look(built.Set));
}
