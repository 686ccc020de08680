using System.CommandLine;
using DriftGuard.Cli.Shell;

namespace DriftGuard.Cli.Commands.Key;

/// <summary><c>key list</c>: the API keys, by last use.</summary>
internal sealed class KeyListCommand() : DriftGuardCommand("list", "List API keys, those first that were used last", "driftguard key list", "driftguard key list --output json")
{
    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) =>
        EngineSession.RunAsync(context, "key list", async engine =>
        {
            context.Report(await engine.Keys.ListAsync(context.CancellationToken), (console, keys) => KeyView.Write(console, keys, context.Time.GetUtcNow()));
            return ExitCode.Success;
        });
}
