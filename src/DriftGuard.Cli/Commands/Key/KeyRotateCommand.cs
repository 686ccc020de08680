using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Text;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Security;

namespace DriftGuard.Cli.Commands.Key;

/// <summary><c>key rotate</c>: exchanges a key's secret; the one before opens for a while yet.</summary>
internal sealed class KeyRotateCommand : DriftGuardCommand
{
    private readonly Argument<string> _key = new("key") { Description = "The key, by name or id" };
    private readonly Option<TimeSpan?> _grace = DurationOption.Create("--grace", "For how long the secret before opens as well; 24h unless set, 0s for a secret that leaked");
    private readonly ActorOptions _actor = new();

    public KeyRotateCommand()
        : base("rotate", "Exchange the secret of an API key; the new one is shown once", "driftguard key rotate shop", "driftguard key rotate shop --grace 0s --reason 'was in a log'")
    {
        Arguments.Add(_key);
        Options.Add(_grace);
        _actor.AddTo(this);
    }

    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var actor = _actor.Of(arguments);
        var (key, grace) = (arguments.GetRequiredValue(_key), arguments.GetValue(_grace) ?? KeyService.UsualGrace);
        var rotated = await EngineSession.AskAsync(
            context, "key rotate", engine => engine.Keys.RotateAsync(key, grace, context.CancellationToken),
            server => server.PostAsync<NewKey>($"keys/{key}/rotate", new RotateKeyRequest(DurationText.Format(grace), actor.Why), context.CancellationToken), actor);
        context.Report(rotated, KeyView.WriteNew);
        return ExitCode.Success;
    }
}
