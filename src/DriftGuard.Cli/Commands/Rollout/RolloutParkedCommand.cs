using System.CommandLine;
using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Rollouts;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Rollout;

/// <summary><c>rollout parked</c>: the texts of a rollout that could not be embedded, each with its reason.</summary>
internal sealed class RolloutParkedCommand : DriftGuardCommand
{
    private readonly Argument<string> _which = new("rollout") { Description = "The rollout, or an index for its latest" };

    public RolloutParkedCommand()
        : base("parked", "List the texts of a rollout that could not be embedded, with their reasons", "driftguard rollout parked docs", "driftguard rollout parked docs --output json") =>
        Arguments.Add(_which);

    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var which = arguments.GetRequiredValue(_which);
        var parked = await EngineSession.AskAsync(
            context, "rollout parked", engine => engine.RolloutViews.ParkedAsync(which, context.CancellationToken),
            server => server.GetAsync<ParkedView>($"rollouts/{which}/parked", context.CancellationToken));
        context.Report(parked, Write);
        return ExitCode.Success;
    }

    private static void Write(IAnsiConsole console, ParkedView view)
    {
        if (view.Texts.Count == 0)
        {
            console.Say($"no text of {view.Rollout} stands parked");
            return;
        }

        var table = Tables.Create(console, "point", "reason", "tried", "last tried");
        foreach (var text in view.Texts)
        {
            table.AddTextRow(text.Point, text.Reason, text.Attempts.ToString(CultureInfo.InvariantCulture), text.LastTriedAt.ToString("u", CultureInfo.InvariantCulture));
        }

        console.Write(table);
        console.Say($"mend or delete them in {view.Blue}, then: driftguard rollout retry {view.Rollout}");
    }
}
