using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Evaluation;

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

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) =>
        EngineSession.RunAsync(context, "rollout plan", async engine =>
        {
            var settings = _arguments.Settings(arguments, context.Options);
            var seed = arguments.GetValue(_seed) ?? Random.Shared.Next();
            var (plan, report, refused) = await context.WithProgressAsync(async progress =>
            {
                var checkedPlan = await engine.Rollouts.PlanAsync(
                    _arguments.Index(arguments), _arguments.To(arguments), _arguments.CalibrationSet(arguments), settings, context.CancellationToken);
                var measuring = progress.Task("measuring a sample of the corpus", 1);
                var measured = await engine.Rollouts.EstimateAsync(checkedPlan, seed, context.CancellationToken);
                measuring.Report(1);
                if (!settings.Preflight)
                {
                    return (measured, null, false);
                }

                var trying = progress.Task("preflight on a sub-corpus", 1);
                var (preflight, hopeless) = await engine.Rollouts.PreflightAsync(measured, seed, context.CancellationToken);
                trying.Report(1);
                return (measured, (EvaluationReport?)preflight, hopeless);
            });
            var thresholds = await engine.Thresholds.NeededAsync(plan.Index.Definition.Name, plan.FromFingerprint, plan.To.Fingerprint, plan.To.Spec.Name, context.CancellationToken);
            context.Report(RolloutPlanView.Of(plan, report, refused, thresholds), RolloutPlanView.Write);
            return refused || plan.Excesses.Count > 0 ? ExitCode.Refused : ExitCode.Success;
        });
}
