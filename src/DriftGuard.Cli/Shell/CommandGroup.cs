using System.CommandLine;

namespace DriftGuard.Cli.Shell;

/// <summary>A word that only holds commands, such as <c>config</c>.</summary>
internal sealed class CommandGroup : Command
{
    public CommandGroup(string name, string description, params ReadOnlySpan<Command> commands)
        : base(name, description)
    {
        foreach (var command in commands)
        {
            Subcommands.Add(command);
        }
    }
}
