using System.Globalization;
using DriftGuard.Cli.Commands.Evaluation;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Text;
using DriftGuard.Worker.Rollouts;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Rollout;

/// <summary>A rollout for people.</summary>
internal static class RolloutText
{
    public static void Write(IAnsiConsole console, RolloutView view)
    {
        var rollout = view.Rollout;
        var table = Tables.Create(console, "rollout", rollout.Id);
        table.AddTextRow("change", $"{rollout.FromModel} -> {rollout.ToModel}");
        table.AddTextRow("blue", rollout.Blue + (rollout.Serving == Side.Blue ? "  (serves)" : ""));
        table.AddTextRow("green", rollout.Green + (rollout.Serving == Side.Green ? "  (serves)" : ""));
        table.AddTextRow("phase", $"{rollout.Phase} ({rollout.Reason}) since {rollout.PhaseSince.ToString("u", CultureInfo.InvariantCulture)}");
        table.AddTextRow("copied", string.Create(CultureInfo.InvariantCulture, $"{view.Copied:N0} points, {view.PartitionsDone} of {rollout.PartitionsPlanned} partitions"));
        if (rollout.Phase == RolloutPhase.Copying)
        {
            table.AddTextRow("time", string.Join("; ", new[] { view.Left?.Text ?? "not known yet: too little was copied since", rollout.Copying?.Slowdown }.OfType<string>()));
        }

        if (rollout.EndedAt is null && rollout.Serving == Side.Blue)
        {
            table.AddTextRow("limits", view.Limits.Text);
        }

        table.AddTextRow("tokens", view.Tokens.ToString("N0", CultureInfo.InvariantCulture));
        table.AddTextRow("compared in full", view.Proof.Text);
        table.AddTextRow("writes meanwhile", rollout.Guarantee?.Message ?? (rollout.WritesCarried > 0
            ? string.Create(CultureInfo.InvariantCulture, $"best effort: {rollout.WritesCarried} change(s) carried over so far")
            : "none seen so far"));
        if (view.Shadow is { } shadow)
        {
            table.AddTextRow("live queries", $"{shadow.Text}; driftguard rollout shadow {rollout.Id}");
        }

        if (rollout.LastSoakCheck is { } soak)
        {
            table.AddTextRow("soak, by labels", soak.Labels is { } labels ? Of(labels) : soak.Message);
            if (soak.Live is { } live)
            {
                table.AddTextRow("soak, by searches", Of(live));
            }
        }

        if (rollout.LastCarry is { } carry && rollout.Phase == RolloutPhase.Soaking)
        {
            table.AddTextRow("blue", string.Create(CultureInfo.InvariantCulture, $"kept current: {carry.Left} id(s) were left to look at {carry.At:u}"));
        }

        foreach (var kept in rollout.Snapshots ?? [])
        {
            table.AddTextRow("snapshot", string.Create(CultureInfo.InvariantCulture, $"{kept.File}, {kept.Bytes:N0} bytes, SHA-256 {kept.Sha256}"));
        }

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

    private static string Of(SoakTally tally) => (tally.Worse, tally.Inconclusive) is (0, 0)
        ? tally.Message
        : string.Create(CultureInfo.InvariantCulture, $"{tally.Message} (worse {tally.Worse} time(s) in a row, {SoakTally.Breach} lead back; inconclusive {tally.Inconclusive} in a row)");

    private static string Of(StepFailure failure) => string.Create(
        CultureInfo.InvariantCulture,
        $"{failure.Message} at {failure.At:u}, {failure.InARow} in a row, {(failure.AgainAt is { } again ? $"tried again in {DurationText.Format(again - failure.At)}" : "given up; resume to try again")}");
}
