using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Access;

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

    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var actor = _actor.Of(arguments);
        var which = arguments.GetRequiredValue(_key);
        var revoked = await EngineSession.AskAsync(
            context, "key revoke", engine => engine.Keys.RevokeAsync(which, context.CancellationToken),
            server => server.DeleteAsync<ApiKey>($"keys/{which}", context.CancellationToken, null, ("reason", actor.Why)), actor);
        context.Report(revoked, (console, key) => console.Say($"[green]revoked[/] {key.Name} ({key.Id})"));
        return ExitCode.Success;
    }
}
