using System.CommandLine;
using DriftGuard.Cli.Shell;

namespace DriftGuard.Cli.Commands.Key;

/// <summary><c>key revoke</c>: puts an API key out of use.</summary>
internal sealed class KeyRevokeCommand : DriftGuardCommand
{
    private readonly Argument<string> _key = new("key") { Description = "The key, by name or id" };
    private readonly ActorOptions _actor = new();

    public KeyRevokeCommand()
        : base("revoke", "Put an API key out of use; every process knows it within seconds", "driftguard key revoke shop --reason 'the shop moved'")
    {
        Arguments.Add(_key);
        _actor.AddTo(this);
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) =>
        EngineSession.RunAsync(context, "key revoke", async engine =>
        {
            context.Report(
                await engine.Keys.RevokeAsync(arguments.GetRequiredValue(_key), context.CancellationToken),
                (console, key) => console.Say($"[green]revoked[/] {key.Name} ({key.Id})"));
            return ExitCode.Success;
        }, _actor.Of(arguments));
}
