using System.Globalization;
using DriftGuard.Cli.Commands.Evaluation;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Text;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Hosting;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Rollout;

/// <summary>A rollout as commands show it: the facts, how far it is, what is parked, and the gate's report.</summary>
internal sealed record RolloutView(Core.Rollouts.Rollout Rollout, long Copied, int PartitionsDone, IReadOnlyList<ParkedText> Parked, EvaluationReport? Evaluation)
{
    public static async Task<RolloutView> ReadAsync(Engine engine, string id, CancellationToken cancellation)
    {
        var rollout = await engine.Rollouts.FindAsync(id, cancellation);
        var partitions = await engine.Installation.State.PartitionsAsync(rollout.Id, cancellation);
        var evaluationId = rollout.Gate?.EvaluationId ?? rollout.Preflight?.EvaluationId;
        return new(
            rollout, partitions.Sum(p => p.Copied), partitions.Count(p => p.Done), await engine.Installation.State.ParkedAsync(rollout.Id, cancellation),
            evaluationId is null ? null : await engine.Evaluations.FindAsync(evaluationId, cancellation));
    }

    public static void Write(IAnsiConsole console, RolloutView view)
    {
        var rollout = view.Rollout;
        var table = Tables.Create(console, "rollout", rollout.Id);
        table.AddTextRow("change", $"{rollout.FromModel} -> {rollout.ToModel}");
        table.AddTextRow("blue", rollout.Blue + (rollout.Serving == Side.Blue ? "  (serves)" : ""));
        table.AddTextRow("green", rollout.Green + (rollout.Serving == Side.Green ? "  (serves)" : ""));
        table.AddTextRow("phase", $"{rollout.Phase} ({rollout.Reason}) since {rollout.PhaseSince.ToString("u", CultureInfo.InvariantCulture)}");
        table.AddTextRow("copied", string.Create(CultureInfo.InvariantCulture, $"{view.Copied:N0} points, {view.PartitionsDone} of {rollout.PartitionsPlanned} partitions"));
        table.AddTextRow("writes meanwhile", rollout.Guarantee?.Message ?? (rollout.WritesCarried > 0
            ? string.Create(CultureInfo.InvariantCulture, $"best effort: {rollout.WritesCarried} change(s) carried over so far")
            : "none seen so far"));
        if (rollout.LastFailure is { } failure)
        {
            table.AddTextRow("last failure", Of(failure));
        }

        console.Write(table);
        console.Say($"{rollout.Message}");
        foreach (var parked in view.Parked)
        {
            console.Say($"[red]parked[/] {parked.PointId}: {parked.Reason} (tried {parked.Attempts} time(s))");
        }

        if (view.Evaluation is { } evaluation)
        {
            EvaluationView.WriteBrief(console, evaluation);
            console.Say($"[grey]in full: driftguard evaluation show {evaluation.Id} --html report.html[/]");
        }
    }

    private static string Of(StepFailure failure) => string.Create(
        CultureInfo.InvariantCulture,
        $"{failure.Message} at {failure.At:u}, {failure.InARow} in a row, {(failure.AgainAt is { } again ? $"tried again in {DurationText.Format(again - failure.At)}" : "given up; resume to try again")}");
}
