using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Configuration;

namespace DriftGuard.Cli.Commands.Config;

/// <summary><c>config show</c>: every setting with its value and where that comes from.</summary>
internal sealed class ConfigShowCommand() : DriftGuardCommand(
    "show",
    "Show the effective configuration and where each value comes from; secrets are masked",
    "driftguard config show",
    "DRIFTGUARD__ROLLOUT__SOAK=2h driftguard config show --output json")
{
    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var configuration = context.Configuration;
        var settings = EffectiveSettings.List(configuration);
        context.Report(new { configuration.File, Settings = settings }, (console, result) =>
        {
            var table = Tables.Create(console, "setting", "value", "from");
            foreach (var setting in result.Settings)
            {
                table.AddTextRow(setting.Key, setting.Value ?? "-", setting.Source);
            }

            console.Write(table);
        });
        context.Note($"[grey]configuration file: {configuration.File ?? "none"}[/]");
        return Task.FromResult(ExitCode.Success);
    }
}
