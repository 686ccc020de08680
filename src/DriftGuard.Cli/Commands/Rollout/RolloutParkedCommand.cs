using System.CommandLine;
using System.Globalization;
using DriftGuard.Cli.Shell;

namespace DriftGuard.Cli.Commands.Rollout;

/// <summary><c>rollout parked</c>: the texts of a rollout that could not be embedded, each with its reason.</summary>
internal sealed class RolloutParkedCommand : DriftGuardCommand
{
    private readonly Argument<string> _which = new("rollout") { Description = "The rollout, or an index for its latest" };

    public RolloutParkedCommand()
        : base("parked", "List the texts of a rollout that could not be embedded, with their reasons", "driftguard rollout parked docs", "driftguard rollout parked docs --output json") =>
        Arguments.Add(_which);

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) =>
        EngineSession.RunAsync(context, "rollout parked", async engine =>
        {
            var rollout = await engine.Rollouts.FindAsync(arguments.GetRequiredValue(_which), context.CancellationToken);
            var parked = await engine.Installation.State.ParkedAsync(rollout.Id, context.CancellationToken);
            context.Report(new { Rollout = rollout.Id, Texts = parked.Select(p => new { Point = p.PointId, p.Reason, p.Attempts, LastTriedAt = p.At }).ToList() }, (console, view) =>
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
                console.Say($"mend or delete them in {rollout.Blue}, then: driftguard rollout retry {view.Rollout}");
            });
            return ExitCode.Success;
        });
}
