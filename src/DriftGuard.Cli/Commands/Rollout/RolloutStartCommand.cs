using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Hosting;
using DriftGuard.Worker.Rollouts;

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

    public override bool AsksServer => true;

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var (wait, detach, actor) = (arguments.GetValue(_wait), arguments.GetValue(_detach), _actor.Of(arguments));
        return EngineSession.AskAsync(
            context, "rollout start",
            async engine =>
            {
                var id = await StartAsync(context, engine, arguments);
                return detach
                    ? Told(context, await engine.RolloutViews.ReadAsync(id, context.CancellationToken))
                    : await RolloutForeground.FollowAsync(context, engine, id, wait);
            },
            async server =>
            {
                var asked = new StartRequest(
                    _arguments.To(arguments), _arguments.CalibrationSet(arguments), _arguments.Preflight(arguments), arguments.GetValue(_yes), arguments.GetValue(_overBudget), actor.Why);
                var view = await server.PostAsync<RolloutView>($"indexes/{_arguments.Index(arguments)}/rollouts", asked, context.CancellationToken);
                Note(context, view.Rollout);
                return detach ? Told(context, view) : await RolloutFollowing.FollowAsync(context, server, view.Rollout.Id, wait);
            },
            actor);
    }

    private async Task<string> StartAsync(CommandContext context, Engine engine, ParseResult arguments)
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
        Note(context, rollout);
        return rollout.Id;
    }

    private static void Note(CommandContext context, Core.Rollouts.Rollout rollout) => context.Note($"started [bold]{rollout.Id}[/]: {rollout.FromModel} -> {rollout.ToModel}");

    private static ExitCode Told(CommandContext context, RolloutView view)
    {
        context.Report(view, RolloutText.Write);
        return ExitCode.Success;
    }
}
