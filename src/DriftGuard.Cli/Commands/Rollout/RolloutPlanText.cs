using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Text;
using DriftGuard.Worker.Rollouts.Planning;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Rollout;

/// <summary>A plan for people.</summary>
internal static class RolloutPlanText
{
    public static void Write(IAnsiConsole console, RolloutPlanView view)
    {
        var (takes, decided, gate) = (view.Takes, view.DecidedBy, view.Settings.Gate);
        var table = Tables.Create(console, "plan", view.Index);
        table.AddTextRow("change", $"{view.From.Name} ({view.From.Dimensions} dimensions) -> {view.To.Name} ({view.To.Dimensions} dimensions)");
        table.AddTextRow("re-embeds", string.Create(CultureInfo.InvariantCulture, $"{takes.Texts:N0} texts of {view.Blue}"));
        table.AddTextRow("tokens", string.Create(CultureInfo.InvariantCulture, $"about {takes.Tokens:N0} ({(takes.TokensPlusMinus > 0 ? $"+- {takes.TokensPlusMinus:N0}, by a sample of {takes.Sample.Texts:N0} texts" : "every text was counted")})"));
        table.AddTextRow("time", takes is { Hours: { } hours, TextsPerSecond: { } rate }
            ? string.Create(CultureInfo.InvariantCulture, $"about {Duration(hours)} of embedding at {rate:N0} texts a second, measured")
            : "not measured: too few texts");
        table.AddTextRow("money", takes.Money is { } money
            ? money == 0 && takes.Currency.Length == 0 ? "none: the model runs in the process" : string.Create(CultureInfo.InvariantCulture, $"about {money:0.00##} {takes.Currency}")
            : $"not known: set models.prices for '{view.To.Name}'");
        table.AddTextRow("needs in Qdrant", string.Create(CultureInfo.InvariantCulture,
            $"about {Mebibytes(takes.DiskBytes):N1} MiB of disk at its peak and {Mebibytes(takes.MemoryBytes):N1} MiB of memory for green, beside blue"));
        if (takes.Sample is { Unembeddable: > 0 } or { Truncated: > 0 })
        {
            table.AddTextRow("of the sample", $"{takes.Sample.Unembeddable} cannot be embedded and would block the gate, {takes.Sample.Truncated} are longer than the model's token limit");
        }

        table.AddTextRow("budget", takes.OverBudget.Count > 0 ? "EXCEEDED: " + string.Join("; ", takes.OverBudget.Select(e => e.Text)) : view.Settings.Budget is { } budget ? $"kept: {budget.Text}" : "none configured");
        table.AddTextRow("decided by", string.Create(CultureInfo.InvariantCulture,
            $"{decided.CalibrationSet}: {decided.Queries:N0} queries in {decided.Groups:N0} groups, {decided.Labels.Missing} of {decided.Labels.Relevant} relevant documents missing")
            + (decided.Groups < MatchesOrBeatsRule.MinimumGroups && !gate.PointRule ? $"; fewer than {MatchesOrBeatsRule.MinimumGroups} groups can never show a match, only a gain" : ""));
        table.AddTextRow("metrics", $"{string.Join(" and ", gate.Metrics)}, margin {gate.Margin?.ToString("0.000", CultureInfo.InvariantCulture) ?? "by the number of queries"}");
        table.AddTextRow("approval", view.Settings.RequireApproval ? "a person approves the cutover" : "a gate that passes is enough");
        table.AddTextRow("then", $"soak {DurationText.Format(view.Settings.Soak)}, blue kept for {DurationText.Format(view.Settings.Retention)}");
        table.AddTextRow("preflight", view.Preflight?.Sentence ?? "left out; a hopeless model is then found after all of the corpus was embedded");
        console.Write(table);
        foreach (var note in view.Notes)
        {
            console.Say($"[yellow]note[/] {note}");
        }

        ThresholdWarning.Write(console, view.Thresholds);
        if (view.Preflight is { Refused: true })
        {
            console.Say($"[red]not worth starting:[/] {view.To.Name} is worse on the sub-corpus by more than the margin, at 99 %");
        }
        else
        {
            console.Say($"{(takes.OverBudget.Count > 0 ? "raise rollout.budget first, or start it with --over-budget" : "start it")}: driftguard rollout start {view.Index} --to {view.To.Name}");
        }
    }

    private static string Duration(double hours) => DurationText.Format(TimeSpan.FromSeconds(Math.Ceiling(hours * 3600)));

    private static double Mebibytes(double bytes) => bytes / 1048576.0;
}
