using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Calibration.Linting;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Calibration.Editing;
using DriftGuard.Worker.Calibration.Linting;

namespace DriftGuard.Cli.Commands.Calibration;

/// <summary><c>calibration split</c>: two complete sets of one, such as one to choose by and one to decide by.</summary>
internal sealed class CalibrationSplitCommand : DriftGuardCommand
{
    private readonly Argument<string> _set = new("set") { Description = "The calibration set, by name or folder" };
    private readonly Option<string[]> _into = new("--into")
    {
        Description = "Names of the two sets, beside the divided one, or their folders",
        HelpName = "A B",
        Required = true,
        Arity = new ArgumentArity(2, 2),
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<double?> _share = FractionOption.Create("--share", "Share of the queries that go to the first; .5 unless set");
    private readonly Option<int?> _seed = NumberOption.Create("--seed", "Seed of the draw; 1 unless set", int.MinValue, int.MaxValue);
    private readonly Option<string?> _by = new("--by") { Description = "A query field whose values keep their shares; the declared slices unless set", HelpName = "FIELD" };
    private readonly Option<bool> _force = new("--force") { Description = "Also into halves that cannot decide; replaces nothing" };
    private readonly Option<bool> _replace = new("--replace") { Description = "Replace sets that are there under the two names" };

    public CalibrationSplitCommand()
        : base(
            "split", "Divide a calibration set into two, whole groups of queries, slices in equal shares",
            "driftguard calibration split support --into support-select support-decide", "driftguard calibration split ./support --into ./a ./b --share .3 --seed 7 --by lang")
    {
        Arguments.Add(_set);
        Options.Add(_into);
        Options.Add(_share);
        Options.Add(_seed);
        Options.Add(_by);
        Options.Add(_force);
        Options.Add(_replace);
    }

    public override IReadOnlyList<(ExitCode Code, string Meaning)> ExitCodes => [(ExitCode.Refused, "a half would have too few groups of queries to decide anything; --force divides all the same"), (ExitCode.Conflict, "a set is there under one of the two names; --replace replaces it")];

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var into = arguments.GetRequiredValue(_into);
        var made = new SetSplitter(new CalibrationSets(context.Options.CalibrationSets.SearchPath)).Split(new(arguments.GetRequiredValue(_set), into[0], into[1])
        {
            Share = arguments.GetValue(_share) ?? .5,
            Seed = arguments.GetValue(_seed) ?? 1,
            By = arguments.GetValue(_by),
            Force = arguments.GetValue(_force),
            Replace = arguments.GetValue(_replace),
        });
        var result = new SplitResult(HalfResult.Of(made.First), HalfResult.Of(made.Second), made.SharedDocuments, made.Strata, made.Seed);
        context.Report(result, (console, split) =>
        {
            foreach (var half in new[] { split.First, split.Second })
            {
                console.Say($"[green]written[/] {half.Folder}");
                LintView.WriteSummary(console, half.Lint, half.Folder);
            }

            console.Say($"[grey]whole groups{(split.Strata.Count > 0 ? $", shares of {string.Join(", ", split.Strata)} kept" : "")}, seed {split.Seed}; {split.SharedDocuments} documents are relevant to queries of both[/]");
        });
        return Task.FromResult(ExitCode.Success);
    }
}

/// <summary>A set divided.</summary>
/// <param name="First">The first half.</param>
/// <param name="Second">The second.</param>
/// <param name="SharedDocuments">Documents that are relevant to queries of both.</param>
/// <param name="Strata">Fields whose values kept their shares.</param>
/// <param name="Seed">Seed of the draw.</param>
internal sealed record SplitResult(HalfResult First, HalfResult Second, int SharedDocuments, IReadOnlyList<string> Strata, int Seed);

/// <summary>A half.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="CanDecide">Whether it has groups enough.</param>
/// <param name="Lint">The half looked through.</param>
internal sealed record HalfResult(string Name, string Folder, bool CanDecide, LintReport Lint)
{
    public static HalfResult Of(SplitHalf half) => new(half.Set.Name, half.Folder, half.CanDecide, SetLinter.Look(half.Set));
}
