using System.CommandLine;
using System.CommandLine.Invocation;
using DriftGuard.Cli.Commands;

namespace DriftGuard.Cli.Shell;

/// <summary>Parses a command line and runs the command it names.</summary>
internal static class CommandLineApplication
{
    public static async Task<ExitCode> RunAsync(IReadOnlyList<string> arguments, ShellEnvironment environment)
    {
        var globals = new GlobalOptions();
        var parsed = CommandTree.Create(globals).Parse(arguments);
        switch (parsed)
        {
            case { Action: not null and not ParseErrorAction }:
                // --help and --version.
                parsed.InvocationConfiguration.Output = environment.Out;
                return (ExitCode)await parsed.InvokeAsync(parsed.InvocationConfiguration, environment.Stopping);
            case { CommandResult.Command: not DriftGuardCommand, UnmatchedTokens: [] }:
                // Only the name of a group: what could follow is the best answer, but nothing was done.
                await CommandTree.Create(globals).Parse([.. arguments, "--help"])
                    .InvokeAsync(new InvocationConfiguration { Output = environment.Error }, environment.Stopping);
                return ExitCode.Usage;
            case { Errors.Count: 0, CommandResult.Command: DriftGuardCommand command }:
                var context = new CommandContext(environment, globals.Read(parsed));
                return await ErrorBoundary.RunAsync(context, () => command.AsksServer || globals.Read(parsed).Server is null
                    ? command.RunAsync(context, parsed)
                    : throw new CommandException(ExitCode.Usage, $"'{command.Name}' works on this machine's files and cannot be asked of a server: run it where DriftGuard runs, without --server"));
            default:
                UsageErrors.Write(environment, parsed);
                return ExitCode.Usage;
        }
    }
}
