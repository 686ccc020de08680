using System.CommandLine;
using DriftGuard.Cli.Shell;

namespace DriftGuard.Cli.Commands.Rollout;

/// <summary><c>rollout start</c>: begins a rollout and follows it.</summary>
internal sealed class RolloutStartCommand : DriftGuardCommand
{
    private readonly RolloutArguments _arguments = new();
    private readonly Option<bool> _yes = new("--yes") { Description = "Cut over once the gate passes, without waiting for an approval" };
    private readonly Option<bool> _wait = new("--wait") { Description = "Stay until the soak is over" };
    private readonly Option<bool> _overBudget = new("--over-budget") { Description = "Start also where the estimate goes beyond rollout.budget, and do not hold the rollout against it" };
    private readonly ActorOptions _actor = new();
    private readonly Option<bool> _detach = new("--detach") { Description = "Only record it; a running 'driftguard serve' takes care of it" };

    public RolloutStartCommand()
        : base(
            "start",
            "Re-embed an index' corpus under another model and cut over once the gate passes",
            "driftguard rollout start docs --to all-minilm-l6-v2-int8",
            "driftguard rollout start docs --to all-minilm-l6-v2-int8 --yes --wait")
    {
        _arguments.AddTo(this);
        Options.Add(_yes);
        Options.Add(_wait);
        Options.Add(_overBudget);
        Options.Add(_detach);
        _actor.AddTo(this);
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) =>
        EngineSession.RunAsync(context, "rollout start", async engine =>
        {
            var settings = _arguments.Settings(arguments, context.Options);
            settings = settings with
            {
                RequireApproval = settings.RequireApproval && !arguments.GetValue(_yes),
                Budget = arguments.GetValue(_overBudget) ? null : settings.Budget,
            };
            var set = _arguments.CalibrationSet(arguments);
            var plan = await engine.Rollouts.PlanAsync(_arguments.Index(arguments), _arguments.To(arguments), set, settings, context.CancellationToken);
            var rollout = await context.WithProgressAsync(progress =>
            {
                if (settings.Budget is not null)
                {
                    progress.Task("measuring a sample against the budget", 1);
                }

                return engine.Rollouts.StartAsync(plan, set ?? plan.Index.Definition.CalibrationSet!, context.CancellationToken);
            });
            context.Note($"started [bold]{rollout.Id}[/]: {rollout.FromModel} -> {rollout.ToModel}");
            if (!arguments.GetValue(_detach))
            {
                return await RolloutForeground.FollowAsync(context, engine, rollout.Id, arguments.GetValue(_wait));
            }

            context.Report(await RolloutView.ReadAsync(engine, rollout.Id, context.CancellationToken), RolloutView.Write);
            return ExitCode.Success;
        }, _actor.Of(arguments));
}
