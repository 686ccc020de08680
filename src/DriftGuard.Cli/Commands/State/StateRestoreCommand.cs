using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.State;
using DriftGuard.Worker.Backups;

namespace DriftGuard.Cli.Commands.State;

/// <summary><c>state restore</c>: what a backup holds becomes the state.</summary>
internal sealed class StateRestoreCommand : DriftGuardCommand
{
    private readonly Argument<string> _file = new("file") { Description = "The backup, taken on SQLite or PostgreSQL, by this version or an earlier one" };
    private readonly Option<bool> _yes = new("--yes") { Description = "Do it; unless given it is rehearsed, and everything stays as it is" };
    private readonly Option<bool> _replace = new("--replace") { Description = "Give up what the state holds; a backup of it is taken first, beside the file" };
    private readonly ActorOptions _actor = new();

    public StateRestoreCommand()
        : base(
            "restore",
            "Restore a backup where nothing else uses the state; Qdrant is restored before, by snapshots of its own",
            "driftguard state restore state-2026-11-30.zip",
            "driftguard state restore state-2026-11-30.zip --replace --yes")
    {
        Arguments.Add(_file);
        Options.Add(_yes);
        Options.Add(_replace);
        _actor.AddTo(this);
    }

    public override IReadOnlyList<(ExitCode Code, string Meaning)> ExitCodes =>
    [
        (ExitCode.Success, "it is restored"),
        (ExitCode.NotFound, "there is no such file"),
        (ExitCode.Refused, "the backup is damaged, cut off, of a later version, or none"),
        (ExitCode.Unavailable, "state, data folder or Qdrant cannot be used"),
        (ExitCode.Conflict, "something uses the state, or it is not empty"),
        (ExitCode.Inconclusive, "rehearsed: it can be restored, with --yes"),
    ];

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        using var acting = StateStore.ActingAs(_actor.Of(arguments));
        using var loggers = ShellLogging.ForCommand(context.Verbose);
        var commit = arguments.GetValue(_yes);
        var report = await new StateBackups(context.Options, context.Time, loggers)
            .RestoreAsync(arguments.GetRequiredValue(_file), arguments.GetValue(_replace), commit, context.CancellationToken);
        context.Report(report, StateView.Write);
        return commit ? ExitCode.Success : ExitCode.Inconclusive;
    }
}
