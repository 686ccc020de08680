using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Cli.Shell.Progress;
using DriftGuard.Worker.Drift.Doctor;
using DriftGuard.Worker.Drift.Doctor.Installation;

namespace DriftGuard.Cli.Commands.Doctor;

/// <summary><c>doctor</c>: looks at the installation, or finds out which models made a collection.</summary>
internal sealed class DoctorCommand : DriftGuardCommand
{
    private const int MostPoints = 100_000;

    private readonly Argument<string?> _index = new("index") { Description = "An index, to find out which models made its collection; the installation is looked at unless given", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _collection = new("--collection") { Description = "Any collection of this Qdrant instead, also one that DriftGuard has never seen" };
    private readonly Option<string[]> _models = new("--model") { Description = "A model to try as well, several times; one behind an API is asked only so", HelpName = "MODEL" };
    private readonly Option<string?> _textField = new("--text-field") { Description = "The payload key of the text that was embedded; that of the index, or a guess" };
    private readonly Option<int?> _sample = NumberOption.Create("--sample", $"How many points are embedded again [default: {DoctorRequest.UsualSample}]", 1, MostPoints);
    private readonly Option<int?> _seed = NumberOption.Create("--seed", "Seed of what is drawn; drawn itself unless set", int.MinValue, int.MaxValue);

    public DoctorCommand()
        : base(
            "doctor", "Check the installation, or find out which models made a collection",
            "driftguard doctor", "driftguard doctor docs", "driftguard doctor --collection docs_2024 --sample 300")
    {
        Arguments.Add(_index);
        Options.Add(_collection);
        Options.Add(_models);
        Options.Add(_textField);
        Options.Add(_sample);
        Options.Add(_seed);
        Validators.Add(result =>
        {
            var (index, collection) = (result.GetResult(_index) is { Tokens.Count: > 0 }, result.GetResult(_collection) is { Implicit: false });
            if (index && collection)
            {
                result.AddError("--collection: an index is named already; name one of the two");
            }
            else if (!index && !collection && new Option[] { _models, _textField, _sample, _seed }.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } alone)
            {
                result.AddError($"{alone.Name}: of which collection? Name an index, or a collection with --collection");
            }
        });
    }

    public override IReadOnlyList<(ExitCode Code, string Meaning)> ExitCodes =>
    [
        (ExitCode.Success, "nothing fails; one model made the collection"),
        (ExitCode.NotFound, "no such index, collection or model"),
        (ExitCode.Refused, "something fails; the collection is mixed, of no model here, or not of the one that it says"),
        (ExitCode.Unavailable, "data folder, state or Qdrant cannot be used"),
        (ExitCode.Inconclusive, "not enough to say who made the collection"),
    ];

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var (index, collection) = (arguments.GetValue(_index), arguments.GetValue(_collection));
        if (index is null && collection is null)
        {
            using var loggers = ShellLogging.ForCommand(context.Verbose);
            var installation = await new InstallationDoctor(context.Configuration, context.Time, loggers).ExamineAsync(context.CancellationToken);
            context.Report(installation, InstallationView.Write);
            return !installation.Usable ? ExitCode.Unavailable : installation.Fails ? ExitCode.Refused : ExitCode.Success;
        }

        return await EngineSession.RunAsync(context, "doctor", async engine =>
        {
            var request = new DoctorRequest
            {
                Models = arguments.GetValue(_models) ?? [],
                TextField = arguments.GetValue(_textField),
                Sample = arguments.GetValue(_sample) ?? DoctorRequest.UsualSample,
                Seed = arguments.GetValue(_seed),
            };
            var report = await context.WithProgressAsync(async progress =>
            {
                IProgressTask? running = null;
                void Begin(string model)
                {
                    running?.Report(1);
                    running = progress.Task($"trying {model}", 1);
                }

                var made = index is not null
                    ? await engine.Doctor.ExamineIndexAsync(index, request, Begin, context.CancellationToken)
                    : await engine.Doctor.ExamineAsync(collection!, request, Begin, context.CancellationToken);
                running?.Report(1);
                return made;
            });
            context.Report(report, OriginView.Write);
            return CodeOf(report.Verdict);
        });
    }

    internal static ExitCode CodeOf(OriginVerdict verdict) => verdict switch
    {
        OriginVerdict.One => ExitCode.Success,
        OriginVerdict.InsufficientData => ExitCode.Inconclusive,
        _ => ExitCode.Refused,
    };
}
