using System.CommandLine;
using DriftGuard.Cli.Shell;

namespace DriftGuard.Cli.Commands.Model;

/// <summary><c>model add</c>: takes a model folder over into the cache and locks it.</summary>
internal sealed class ModelAddCommand : DriftGuardCommand
{
    private readonly Argument<string> _folder = new("dir") { Description = "A folder with a model.yaml" };

    private readonly Option<bool> _replace = new("--replace")
    {
        Description = "Replace another model of the name; indexes of that one stop working",
    };

    public ModelAddCommand()
        : base("add", "Verify a model folder, copy it into the cache and lock it", "driftguard models add ./my-model")
    {
        Arguments.Add(_folder);
        Options.Add(_replace);
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var added = await PinningSession.RunAsync(
            context, pinning => pinning.AddAsync(arguments.GetValue(_folder)!, arguments.GetValue(_replace), context.CancellationToken));
        PinningSession.Report(context, [added]);
        return ExitCode.Success;
    }
}
