using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Embedding;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Model;

/// <summary>What <c>model bench</c> measured, for people.</summary>
internal static class ModelBenchView
{
    public static void Write(IAnsiConsole console, List<ModelBench> benches)
    {
        foreach (var bench in benches)
        {
            console.Say($"[bold]{bench.Model}[/]: {(bench.Tuning is { } used ? $"{used.Settings} ({used.Origin.ToString().ToLowerInvariant()}) {used.Remark}" : bench.Runs)}");
            WriteThroughput(console, bench);
            var latency = bench.Latency;
            console.Say($"one query, {latency.Queries} in turn: p50 {latency.P50:F2} ms, p95 {latency.P95:F2} ms, p99 {latency.P99:F2} ms; the first, cold one {latency.First:F2} ms");
            if (bench.Tuning is { Trials.Count: > 0 } tuning)
            {
                WriteTrial(console, tuning);
            }

            console.WriteLine();
        }
    }

    private static void WriteThroughput(IAnsiConsole console, ModelBench bench)
    {
        var table = Tables.Create(
            console, "texts", ">count", ">tokens", ">truncated", ">padding", ">texts/s", ">tokens/s", ">raw texts/s", ">share of raw", ">min", ">max");
        foreach (var (name, t) in bench.Throughput)
        {
            table.AddTextRow(
                name, Text(t.Texts, "N0"), Text(t.Tokens, "N0"), Text(t.Truncated, "N0"), Text(t.PaddingShare, "P1"), Text(t.TextsPerSecond.Median, "N0"),
                Text(t.TokensPerSecond, "N0"), Text(t.Raw?.TextsPerSecond.Median, "N0"), Text(t.Raw?.Share.Median, "F3"), Text(t.Raw?.Share.Min, "F3"), Text(t.Raw?.Share.Max, "F3"));
        }

        console.Write(table);
    }

    private static void WriteTrial(IAnsiConsole console, InferenceTuning tuning)
    {
        var table = Tables.Create(console, ">sessions tried", ">threads each", ">tokens a run", ">texts/s of the trial", "");
        foreach (var trial in tuning.Trials)
        {
            table.AddTextRow(
                Text(trial.Settings.Sessions, "N0"), Text(trial.Settings.ThreadsPerSession, "N0"), trial.Settings.TokensPerRun == 1 ? "one text" : Text(trial.Settings.TokensPerRun, "N0"),
                Text(trial.TextsPerSecond, "N0"), trial.Settings == tuning.Settings ? "in use" : trial.StoppedEarly ? "stopped early" : "");
        }

        console.Write(table);
    }

    private static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
