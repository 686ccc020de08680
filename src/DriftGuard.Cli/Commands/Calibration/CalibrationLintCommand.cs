using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Calibration.Linting;
using DriftGuard.Worker.Installation;

namespace DriftGuard.Cli.Commands.Calibration;

/// <summary><c>calibration lint</c>: what is wrong with a set, what it favours, and what it can tell.</summary>
internal sealed class CalibrationLintCommand : DriftGuardCommand
{
    private const int MostResults = 1000;

    private readonly Argument<string> _set = new("set-or-index") { Description = "A calibration set, by name or folder, or an index for its own set" };
    private readonly Option<string?> _index = new("--index") { Description = "Look at this index with it: stale ids, unjudged results" };
    private readonly Option<string[]> _models = new("--models")
    {
        Description = "Two models that search the set's own corpus: unjudged results of both, and how much their differences scatter",
        HelpName = "A,B",
        CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
    };

    private readonly Option<double[]> _differences = FractionOption.Several("--difference", "How many queries would settle this difference; .02, .03 and .05 unless given");
    private readonly Option<int?> _depth = NumberOption.Create("--depth", $"Results of a query that are looked at for unjudged ones; {LintRequest.DefaultDepth} unless set", 1, MostResults);
    private readonly Option<string?> _holes = new("--export-holes") { Description = "Write the unjudged results to this file to be judged: comma separated, or by tabs if its name ends in .tsv", HelpName = "FILE" };
    private readonly Option<bool> _force = new("--force") { Description = "Replace the file of --export-holes if it is there, with what was filled in" };
    private readonly Option<int?> _seed = NumberOption.Create("--seed", "Seed of their order; 1 unless set", int.MinValue, int.MaxValue);

    public CalibrationLintCommand()
        : base(
            "lint", "Look through a calibration set: duplicates, leaks, unjudged results, small slices, stale ids, and what it can tell",
            "driftguard calibration lint xquad-en", "driftguard calibration lint docs --export-holes to-judge.csv",
            "driftguard calibration lint ./my-set --models static-wordpiece-128,all-minilm-l6-v2-int8 --difference .01")
    {
        Arguments.Add(_set);
        Options.Add(_index);
        Options.Add(_models);
        Options.Add(_differences);
        Options.Add(_depth);
        Options.Add(_holes);
        Options.Add(_force);
        Options.Add(_seed);
        _models.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string[]>() is not [var first, var second] || first == second)
            {
                result.AddError("--models: expected two models separated by a comma");
            }
        });
    }

    public override IReadOnlyList<(ExitCode Code, string Meaning)> ExitCodes => LintView.ExitCodes;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var request = RequestOf(arguments);
        var linted = NeedsNothing(context, request)
            ? new Linted(SetLinter.Look(new CalibrationSets(context.Options.CalibrationSets.SearchPath).Load(request.SetOrIndex), request.Differences), null)
            : await LookAsync(context, request);
        context.Report(linted, (console, result) =>
        {
            LintView.Write(console, result.Report);
            if (result.Exported is { } exported)
            {
                console.Say($"[green]written[/] {exported.File}: {exported.Rows} unjudged results of {exported.Queries} queries (seed {exported.Seed}); fill in the grades, then 'driftguard calibration add {request.SetOrIndex} --judgements FILE'");
            }
        });
        return LintView.CodeOf(linted.Report.Verdict);
    }

    private static Task<Linted> LookAsync(CommandContext context, LintRequest request) => EngineSession.RunAsync(context, "calibration lint", engine => context.WithProgressAsync(async progress =>
    {
        var (work, task) = ("", (Shell.Progress.IProgressTask?)null);
        return await engine.Lint.LookAsync(request, (what, done, total) =>
        {
            if (what != work)
            {
                (work, task) = (what, progress.Task(what, total));
            }

            task!.Report(done);
        }, context.CancellationToken);
    }));

    /// <summary>A set that is looked at by itself needs no installation, and leaves none behind; without one there is no index that could be meant.</summary>
    private static bool NeedsNothing(CommandContext context, LintRequest request) =>
        request is { Index: null, Models.Count: 0, ExportHoles: null } && !DriftGuardInstallation.Exists(context.Options.DataDirectory);

    private LintRequest RequestOf(ParseResult arguments) => new(arguments.GetRequiredValue(_set))
    {
        Index = arguments.GetValue(_index),
        Models = arguments.GetValue(_models) ?? [],
        Differences = arguments.GetValue(_differences) is { Length: > 0 } asked ? asked : SetLinter.DefaultDifferences,
        Depth = arguments.GetValue(_depth) ?? LintRequest.DefaultDepth,
        ExportHoles = arguments.GetValue(_holes),
        Force = arguments.GetValue(_force),
        Seed = arguments.GetValue(_seed) ?? 1,
    };
}
