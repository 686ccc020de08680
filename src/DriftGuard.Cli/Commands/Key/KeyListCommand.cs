using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Access;

namespace DriftGuard.Cli.Commands.Key;

/// <summary><c>key list</c>: the API keys, by last use.</summary>
internal sealed class KeyListCommand() : DriftGuardCommand("list", "List API keys, those first that were used last", "driftguard key list", "driftguard key list --output json")
{
    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var keys = await EngineSession.AskAsync(
            context, "key list", engine => engine.Keys.ListAsync(context.CancellationToken), server => server.GetAsync<IReadOnlyList<ApiKey>>($"keys", context.CancellationToken));
        context.Report(keys, (console, listed) => KeyView.Write(console, listed, context.Time.GetUtcNow()));
        return ExitCode.Success;
    }
}
