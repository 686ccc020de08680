using System.CommandLine;
using DriftGuard.Cli.Shell;

namespace DriftGuard.Cli.Commands.Model;

/// <summary><c>model remove</c>: takes a model out of the cache and the lock file.</summary>
internal sealed class ModelRemoveCommand : DriftGuardCommand
{
    private readonly Argument<string> _name = new("name") { Description = "A model of the cache or the lock file" };

    public ModelRemoveCommand()
        : base("remove", "Remove a model from the cache and the lock file", "driftguard models remove multilingual-e5-small")
    {
        Arguments.Add(_name);
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var name = arguments.GetValue(_name)!;
        await PinningSession.RunAsync(context, async pinning =>
        {
            await pinning.RemoveAsync(name, context.CancellationToken);
            return true;
        });
        context.Report(new { Name = name, Removed = true }, (console, row) => console.Say($"removed  {row.Name}"));
        return ExitCode.Success;
    }
}
