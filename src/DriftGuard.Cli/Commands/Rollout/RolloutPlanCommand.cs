using System.CommandLine;
using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Text;

namespace DriftGuard.Cli.Commands.Rollout;

/// <summary><c>rollout plan</c>: checks a change of model and says what it would do; changes nothing.</summary>
internal sealed class RolloutPlanCommand : DriftGuardCommand
{
    private readonly RolloutArguments _arguments = new();

    public RolloutPlanCommand()
        : base("plan", "Check a change of model and show what it takes; changes nothing", "driftguard rollout plan docs --to all-minilm-l6-v2-int8") => _arguments.AddTo(this);

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) =>
        EngineSession.RunAsync(context, "rollout plan", async engine =>
        {
            var plan = await engine.Rollouts.PlanAsync(
                _arguments.Index(arguments), _arguments.To(arguments), _arguments.CalibrationSet(arguments), _arguments.Settings(arguments, context.Options), context.CancellationToken);
            var thresholds = await engine.Thresholds.NeededAsync(plan.Index.Definition.Name, plan.From.Fingerprint, plan.To.Fingerprint, plan.To.Spec.Name, context.CancellationToken);
            var view = new
            {
                Index = plan.Index.Definition.Name,
                Blue = plan.Index.Collection,
                From = new { Model = plan.From.Spec.Name, Fingerprint = plan.From.Fingerprint.Id, plan.From.Spec.Dimensions },
                To = new { Model = plan.To.Spec.Name, Fingerprint = plan.To.Fingerprint.Id, plan.To.Spec.Dimensions },
                plan.Points,
                plan.GreenBytes,
                CalibrationSet = plan.Set.Name,
                Queries = plan.Set.Queries.Count,
                Groups = plan.Set.GroupCount,
                plan.Labels,
                plan.Settings,
                Thresholds = thresholds,
            };
            context.Report(view, (console, v) =>
            {
                var table = Tables.Create(console, "plan", v.Index);
                table.AddTextRow("change", $"{v.From.Model} ({v.From.Dimensions} dimensions) -> {v.To.Model} ({v.To.Dimensions} dimensions)");
                table.AddTextRow("re-embeds", string.Create(CultureInfo.InvariantCulture, $"{v.Points:N0} points of {v.Blue}"));
                table.AddTextRow("needs in Qdrant", string.Create(CultureInfo.InvariantCulture, $"about {v.GreenBytes / 1048576.0:N1} MiB for green, beside blue"));
                table.AddTextRow("decided by", string.Create(CultureInfo.InvariantCulture, $"{v.CalibrationSet}: {v.Queries:N0} queries in {v.Groups:N0} groups, {v.Labels.Missing} of {v.Labels.Relevant} relevant documents missing"));
                table.AddTextRow("metrics", $"{string.Join(" and ", v.Settings.Gate.Metrics)}, margin {v.Settings.Gate.Margin?.ToString("0.000", CultureInfo.InvariantCulture) ?? "by the number of queries"}");
                table.AddTextRow("approval", v.Settings.RequireApproval ? "a person approves the cutover" : "a gate that passes is enough");
                table.AddTextRow("then", $"soak {DurationText.Format(v.Settings.Soak)}, blue kept for {DurationText.Format(v.Settings.Retention)}");
                console.Write(table);
                ThresholdWarning.Write(console, v.Thresholds);
                console.Say($"start it: driftguard rollout start {v.Index} --to {v.To.Model}");
            });
            return ExitCode.Success;
        });
}
