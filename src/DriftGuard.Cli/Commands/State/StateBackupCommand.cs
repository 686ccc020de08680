using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.State;
using DriftGuard.Worker.Backups;

namespace DriftGuard.Cli.Commands.State;

/// <summary><c>state backup</c>: one file of everything that the state holds, taken while it is in use.</summary>
internal sealed class StateBackupCommand : DriftGuardCommand
{
    private readonly Argument<string> _file = new("file") { Description = "The backup, a ZIP file, readable for its owner alone" };
    private readonly Option<bool> _force = new("--force") { Description = "Replace the file if it is there" };
    private readonly ActorOptions _actor = new();

    public StateBackupCommand()
        : base(
            "backup",
            "Write what DriftGuard keeps into one file, as it is at one moment, while it is in use",
            "driftguard state backup state-2026-11-30.zip",
            "driftguard state backup latest.zip --force --config /etc/driftguard/driftguard.yaml")
    {
        Arguments.Add(_file);
        Options.Add(_force);
        _actor.AddTo(this);
    }

    public override IReadOnlyList<(ExitCode Code, string Meaning)> ExitCodes =>
    [
        (ExitCode.Success, "the backup is written"),
        (ExitCode.NotFound, "there is no state here"),
        (ExitCode.Unavailable, "the state cannot be read, or the file not be written"),
        (ExitCode.Conflict, "the file is there already"),
    ];

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        using var acting = StateStore.ActingAs(_actor.Of(arguments));
        using var loggers = ShellLogging.ForCommand(context.Verbose);
        var backups = new StateBackups(context.Options, context.Time, loggers);
        var report = await backups.TakeAsync(arguments.GetRequiredValue(_file), arguments.GetValue(_force), context.CancellationToken);
        context.Report(report, StateView.Write);
        return ExitCode.Success;
    }
}
