using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Cli.Shell.Progress;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Hosting;
using DriftGuard.Worker.Rollouts.Planning;

namespace DriftGuard.Cli.Commands.Rollout;

/// <summary><c>rollout plan</c>: checks a change of model, measures what it takes and tries it on a sub-corpus; changes nothing.</summary>
internal sealed class RolloutPlanCommand : DriftGuardCommand
{
    private readonly RolloutArguments _arguments = new();
    private readonly Option<int?> _seed = NumberOption.Create("--seed", "Seed of what is drawn; drawn itself unless set", int.MinValue, int.MaxValue);

    public RolloutPlanCommand()
        : base(
            "plan", "Check a change of model, measure what it takes, and try it on a sub-corpus; changes nothing, and embeds some thousand texts at most",
            "driftguard rollout plan docs --to all-minilm-l6-v2-int8", "driftguard rollout plan docs --to text-embedding-3-small --no-preflight")
    {
        _arguments.AddTo(this);
        Options.Add(_seed);
    }

    public override IReadOnlyList<(ExitCode Code, string Meaning)> ExitCodes =>
    [
        (ExitCode.Success, "nothing speaks against starting it, which is no promise that the gate passes"),
        (ExitCode.Refused, "the preflight refuses the model, or the estimate goes beyond the budget"),
        (ExitCode.Inconclusive, "the calibration set can decide nothing"),
    ];

    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var seed = arguments.GetValue(_seed) ?? Random.Shared.Next();
        var view = await context.WithProgressAsync(progress => EngineSession.AskAsync(
            context, "rollout plan", engine => PlanAsync(context, engine, arguments, seed, progress),
            server =>
            {
                progress.Task($"planning on {context.Server}", 1);
                return server.PostAsync<RolloutPlanView>(
                    $"indexes/{_arguments.Index(arguments)}/rollouts/plan",
                    new PlanRequest(_arguments.To(arguments), _arguments.CalibrationSet(arguments), _arguments.Preflight(arguments), seed), context.CancellationToken);
            }));
        context.Report(view, RolloutPlanText.Write);
        return view.Preflight is { Refused: true } || view.Takes.OverBudget.Count > 0 ? ExitCode.Refused : ExitCode.Success;
    }

    private async Task<RolloutPlanView> PlanAsync(CommandContext context, Engine engine, ParseResult arguments, int seed, IProgressReporter progress)
    {
        var settings = _arguments.Settings(arguments, context.Options);
        var plan = await engine.Rollouts.PlanAsync(_arguments.Index(arguments), _arguments.To(arguments), _arguments.CalibrationSet(arguments), settings, context.CancellationToken);
        var measuring = progress.Task("measuring a sample of the corpus", 1);
        plan = await engine.Rollouts.EstimateAsync(plan, seed, context.CancellationToken);
        measuring.Report(1);
        EvaluationReport? report = null;
        var refused = false;
        if (settings.Preflight)
        {
            var trying = progress.Task("preflight on a sub-corpus", 1);
            (report, refused) = await engine.Rollouts.PreflightAsync(plan, seed, context.CancellationToken);
            trying.Report(1);
        }

        var thresholds = await engine.Thresholds.NeededAsync(plan.Index.Definition.Name, plan.FromFingerprint, plan.To.Fingerprint, plan.To.Spec.Name, context.CancellationToken);
        return RolloutPlanView.Of(plan, report, refused, thresholds);
    }
}
