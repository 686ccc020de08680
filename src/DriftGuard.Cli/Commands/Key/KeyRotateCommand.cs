using System.CommandLine;
using DriftGuard.Cli.Shell;

namespace DriftGuard.Cli.Commands.Key;

/// <summary><c>key rotate</c>: exchanges a key's secret; the one before opens for a while yet.</summary>
internal sealed class KeyRotateCommand : DriftGuardCommand
{
    private static readonly TimeSpan UsualGrace = TimeSpan.FromHours(24);

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

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) =>
        EngineSession.RunAsync(context, "key rotate", async engine =>
        {
            var grace = arguments.GetValue(_grace) ?? UsualGrace;
            var rotated = await engine.Keys.RotateAsync(arguments.GetRequiredValue(_key), grace, context.CancellationToken);
            context.Report(rotated, KeyView.WriteNew);
            return ExitCode.Success;
        }, _actor.Of(arguments));
}
