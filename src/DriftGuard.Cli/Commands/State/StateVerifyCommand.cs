using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Backups;

namespace DriftGuard.Cli.Commands.State;

/// <summary><c>state verify</c>, also <c>state show</c>: what a backup holds, and that it is whole.</summary>
internal sealed class StateVerifyCommand : DriftGuardCommand
{
    private readonly Argument<string> _file = new("file") { Description = "The backup" };

    public StateVerifyCommand()
        : base("verify", "Read a backup from its beginning to its end, hold it against its digests, and show what it holds", "driftguard state verify state-2026-11-30.zip")
    {
        Arguments.Add(_file);
        Aliases.Add("show");
    }

    public override IReadOnlyList<(ExitCode Code, string Meaning)> ExitCodes =>
    [
        (ExitCode.Success, "it is whole"),
        (ExitCode.NotFound, "there is no such file"),
        (ExitCode.Refused, "it is damaged, cut off, of a later version, or no backup"),
    ];

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        context.Report(await StateBackups.VerifyAsync(arguments.GetRequiredValue(_file), context.CancellationToken), StateView.Write);
        return ExitCode.Success;
    }
}
