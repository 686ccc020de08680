using System.CommandLine;
using DriftGuard.Cli.Shell;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Config;

/// <summary><c>config validate</c>: loads the configuration and says everything that is wrong with it.</summary>
internal sealed class ConfigValidateCommand() : DriftGuardCommand(
    "validate",
    "Check the configuration and list everything that is wrong with it",
    "driftguard config validate --config deploy/driftguard.yaml")
{
    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var configuration = context.Configuration;
        context.Report(
            new { Valid = true, configuration.File, Set = configuration.Origins.Count },
            (console, result) => console.WriteLine(result.File is null
                ? "valid: no configuration file, every setting has its default or comes from the environment"
                : $"valid: {result.File}"));
        return Task.FromResult(ExitCode.Success);
    }
}
