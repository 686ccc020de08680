using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Configuration;

namespace DriftGuard.Cli.Commands.Index;

/// <summary><c>index create</c>: a new index under a model, or an existing collection put under DriftGuard.</summary>
internal sealed class IndexCreateCommand : DriftGuardCommand
{
    private readonly Argument<string> _name = new("name") { Description = "The index: the alias that applications search" };
    private readonly Option<string?> _model = new("--model") { Description = "The embedding model, by name; unless given, the one that the configuration declares for this index" };
    private readonly Option<string?> _collection = new("--collection") { Description = "An existing collection to put under DriftGuard instead of a new one" };
    private readonly TextSourceOptions _texts = new();
    private readonly Option<string?> _set = new("--calibration-set") { Description = "The calibration set that decides rollouts: a name or a folder" };

    public IndexCreateCommand()
        : base(
            "create",
            "Create an index under an embedding model, or put an existing collection under DriftGuard",
            "driftguard index create docs --model static-wordpiece-128 --calibration-set xquad-en",
            "driftguard index create docs --model all-minilm-l6-v2-int8 --collection docs_2024")
    {
        Arguments.Add(_name);
        Options.Add(_model);
        Options.Add(_collection);
        _texts.AddTo(this);
        Options.Add(_set);
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) =>
        EngineSession.RunAsync(context, "index create", async engine =>
        {
            var name = arguments.GetRequiredValue(_name);
            var declared = context.Options.Indexes.FirstOrDefault(i => i.Name == name) ?? new IndexOptions { Name = name };
            var model = arguments.GetValue(_model) ?? declared.Model
                ?? throw new CommandException(ExitCode.Usage, $"which model makes the vectors of '{name}'?", "name it with --model, or declare the index in the configuration");
            var set = engine.Installation.CalibrationSets.RecordedOnceRead(arguments.GetValue(_set) ?? declared.CalibrationSet);
            var definition = _texts.Read(arguments, declared.ToDefinition()) with { CalibrationSet = set };
            context.Report(await engine.Indexes.MakeAsync(definition, model, arguments.GetValue(_collection), context.CancellationToken), IndexText.Write);
            return ExitCode.Success;
        });
}
