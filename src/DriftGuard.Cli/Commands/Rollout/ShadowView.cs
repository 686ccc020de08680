using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Reports;
using DriftGuard.Worker.Shadow;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Rollout;

/// <summary>Live queries that both collections of a rollout answered, for people.</summary>
internal static class ShadowView
{
    private const int ResultsShown = 5, ExcerptShown = 60;

    public static void Write(IAnsiConsole console, ShadowReport report)
    {
        if (report.Summary is not { } summary)
        {
            console.Say($"no live query was counted for {report.Rollout}: they are while it is judged and not cut over, where gateway.shadow.share is set");
            return;
        }

        var table = Tables.Create(console, "rollout", report.Rollout);
        table.AddTextRow("blue, green", $"{report.From}, {report.To}");
        table.AddTextRow("counted", $"{ReportText.Time(summary.Since)} to {ReportText.Time(summary.Until)}, by {Count(summary.Gateways)} gateway(s)");
        table.AddTextRow("queries by text", $"{Count(summary.Texts)}, of them answered by both {Count(summary.Compared)}{(summary.Share is { } share ? $" ({ReportText.Percent(share)})" : "")}");
        table.AddTextRow("not compared", $"{Count(summary.Dropped)} dropped, {Count(summary.Failed)} failed in green; {Count(summary.NotComparable)} came as vectors");
        if (summary is { Overlap: { } overlap, Disjoint: { } disjoint })
        {
            table.AddTextRow($"overlap@{summary.Depth}", $"{Figure(overlap)}, standard error {Figure(summary.OverlapError)}; nothing in common in {ReportText.Percent(disjoint)}");
            table.AddTextRow("scores, green less blue", $"first {Signed(summary.TopShift)}, mean {Signed(summary.MeanShift)} (two models' scores are not on one scale)");
            table.AddTextRow("p50, p95 of blue", Milliseconds(summary.Blue));
            table.AddTextRow("p50, p95 of green", $"{Milliseconds(summary.Green)} (to embed and search, of {Count(summary.Timed)} queries)");
        }

        console.Write(table);
        foreach (var difference in report.Differences)
        {
            Write(console, difference);
        }

        if (report.Unread is { } unread)
        {
            console.Say($"{unread}");
        }

        console.Say($"[grey]{report.Differences.Count} of {report.Kept} queries on record are shown; to judge them: driftguard rollout shadow {report.Rollout} --export FILE[/]");
    }

    private static void Write(IAnsiConsole console, ShadowDifference difference)
    {
        console.Say($"{difference.Text ?? $"(text not kept, SHA-256 {difference.Key[..12]})"}  [grey]overlap {Figure(difference.Overlap)}, seen {Count(difference.Seen)} time(s), last {ReportText.Time(difference.At)}[/]");
        var table = Tables.Create(console, ">rank", "blue", "text", "green", "text");
        for (var rank = 0; rank < Math.Min(ResultsShown, Math.Max(difference.Blue.Count, difference.Green.Count)); rank++)
        {
            table.AddRow([new Text(ReportText.Count(rank + 1)), .. Cells(difference.Blue.ElementAtOrDefault(rank)), .. Cells(difference.Green.ElementAtOrDefault(rank))]);
        }

        console.Write(table);
    }

    /// <summary>A document; one that the other side found as well is green.</summary>
    private static Text[] Cells(ShadowResult? result) => result is null
        ? [new("-"), new("-")]
        : [new(Printable.Of(result.Document), result.Shared ? new Style(Color.Green) : Style.Plain), new(Printable.Of(Printable.Shortened(result.Excerpt ?? "-", ExcerptShown)))];

    private static string Milliseconds(ShadowLatency latency) => latency is { P50: { } half, P95: { } most }
        ? string.Create(CultureInfo.InvariantCulture, $"{half:0.0} ms, {most:0.0} ms")
        : "not timed: green's index is not built yet";

    private static string Figure(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-";

    private static string Signed(double? value) => value?.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture) ?? "-";

    private static string Count(long value) => ReportText.Count(value);
}
