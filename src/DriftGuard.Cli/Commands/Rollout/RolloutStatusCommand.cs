using System.CommandLine;
using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Rollouts;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Rollout;

/// <summary><c>rollout status</c>: one rollout in full, or all in a table.</summary>
internal sealed class RolloutStatusCommand : DriftGuardCommand
{
    private readonly Argument<string?> _which = new("rollout") { Description = "A rollout, or an index for its latest; all unless given", Arity = ArgumentArity.ZeroOrOne };

    public RolloutStatusCommand()
        : base("status", "Show a rollout with its gate, or list all", "driftguard rollout status", "driftguard rollout status docs --output json") => Arguments.Add(_which);

    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        if (arguments.GetValue(_which) is { } which)
        {
            var view = await EngineSession.AskAsync(
                context, "rollout status", engine => engine.RolloutViews.ReadAsync(which, context.CancellationToken),
                server => server.GetAsync<RolloutView>($"rollouts/{which}", context.CancellationToken));
            context.Report(view, RolloutText.Write);
            return ExitCode.Success;
        }

        var all = await EngineSession.AskAsync(
            context, "rollout status", engine => engine.Installation.State.ListRolloutsAsync(null, context.CancellationToken),
            server => server.GetAsync<IReadOnlyList<Core.Rollouts.Rollout>>($"rollouts", context.CancellationToken));
        context.Report(all, WriteAll);
        return ExitCode.Success;
    }

    private static void WriteAll(IAnsiConsole console, IReadOnlyList<Core.Rollouts.Rollout> rollouts)
    {
        if (rollouts.Count == 0)
        {
            console.Say($"no rollouts; start one with: driftguard rollout start INDEX --to MODEL");
            return;
        }

        var table = Tables.Create(console, "rollout", "change", "phase", "reason", "since");
        foreach (var rollout in rollouts)
        {
            table.AddTextRow(
                rollout.Id, $"{rollout.FromModel} -> {rollout.ToModel}", rollout.Phase.ToString(), rollout.Reason + (rollout.LastFailure is null ? "" : ", failing"), rollout.PhaseSince.ToString("u", CultureInfo.InvariantCulture));
        }

        console.Write(table);
    }
}
