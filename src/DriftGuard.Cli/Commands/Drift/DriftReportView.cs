using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Diagnosis;
using DriftGuard.Worker.Drift;
using DriftGuard.Worker.Drift.Reports;
using DriftGuard.Worker.Reports;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Drift;

/// <summary>A drift report for somebody who was just woken: what happened, since when, what to do; then what that stands on.</summary>
internal static class DriftReportView
{
    private const int RoomForFigures = 170;

    /// <summary>Writes it.</summary>
    /// <param name="console">Where.</param>
    /// <param name="report">The report.</param>
    /// <param name="allCharts">Whether detectors that found nothing are drawn as well.</param>
    public static void Write(IAnsiConsole console, DriftReport report, bool allCharts)
    {
        WriteAnswers(console, report);
        WriteDetectors(console, report.Detectors);
        WriteEvidence(console, report.Diagnosis);
        WriteOthers(console, report.Diagnosis.Others);
        DriftCharts.Write(console, report.Detectors.Where(result => allCharts || result.Verdict != DriftVerdict.None));
        console.Say($"[grey]report {report.Id}: {report.Collection ?? "no collection"}, model {report.Model ?? "not known"} {report.Fingerprint?[..Math.Min(8, report.Fingerprint.Length)] ?? ""}, {ReportText.Time(report.At)}, {report.Trigger}, seed {report.Seed}, {report.Milliseconds / 1000:0.0} s of which {report.EmbeddingMilliseconds / 1000:0.0} s embedding {report.TextsEmbedded} texts[/]");
    }

    private static void WriteAnswers(IAnsiConsole console, DriftReport report)
    {
        var diagnosis = report.Diagnosis;
        console.Say($"[bold]What happened?[/]  {diagnosis.WhatHappened}");
        console.Say($"[bold]Since when?[/]     {diagnosis.SinceWhen}");
        console.Say($"[bold]What do I do?[/]   {diagnosis.WhatToDo}");
        console.WriteLine();
        console.MarkupLine($"cause {DriftJson.Word(diagnosis.Cause)}, {DriftJson.Word(diagnosis.Certainty)}; drift of {Markup.Escape(report.Index)}: {DriftWords.Coloured(report.Verdict)}");
        console.WriteLine();
    }

    /// <summary>All figures in one table where there is room; a terminal of the usual width has the words in it, and the figures below.</summary>
    private static void WriteDetectors(IAnsiConsole console, IReadOnlyList<DetectorResult> detectors)
    {
        var wide = console.Profile.Width >= RoomForFigures;
        string[] columns = wide
            ? ["detector", "verdict", "statistic", ">p", "effect", "samples", ">runs", ">seconds", "reason"]
            : ["detector", "verdict", ">p", ">runs", ">seconds", "reason"];
        var table = Tables.Create(console, columns);
        foreach (var result in detectors)
        {
            var (detector, verdict) = (new Text(DriftJson.Word(result.Detector)), new Markup(DriftWords.Coloured(result.Verdict)));
            var (p, runs, seconds) = (Cell(ReportText.Figure(result.P)), Cell(ReportText.Count(result.Runs)), Cell((result.Milliseconds / 1000).ToString("0.0", CultureInfo.InvariantCulture)));
            table.AddRow(wide
                ? [detector, verdict, Cell(DriftReportText.Named(result.Statistic)), p, Cell(DriftReportText.Named(result.Effect)), Cell(DriftReportText.Samples(result.Samples)), runs, seconds, Cell(result.Reason)]
                : [detector, verdict, p, runs, seconds, Cell(result.Reason)]);
        }

        console.Write(table);
        foreach (var result in detectors)
        {
            console.Say($"  {DriftJson.Word(result.Detector)}: {result.Sentence}");
            if (!wide && result.Statistic is not null)
            {
                console.Say($"    [grey]{DriftReportText.Named(result.Statistic)}; effect {DriftReportText.Named(result.Effect)}; {DriftReportText.Samples(result.Samples)}[/]");
            }
        }

        console.WriteLine();
    }

    private static Text Cell(string text) => new(Printable.Of(text));

    private static void WriteEvidence(IAnsiConsole console, DriftDiagnosis diagnosis)
    {
        if (diagnosis.Evidence.Count == 0)
        {
            return;
        }

        console.Say($"[bold]evidence[/]");
        foreach (var line in diagnosis.Evidence)
        {
            console.Say($"  - {line}");
        }

        console.WriteLine();
    }

    private static void WriteOthers(IAnsiConsole console, IReadOnlyList<Hypothesis> others)
    {
        if (others.Count == 0)
        {
            return;
        }

        console.Say($"[bold]also wrong, or explaining the same[/]");
        foreach (var other in others)
        {
            console.Say($"  - {DriftJson.Word(other.Cause)}, {DriftJson.Word(other.Certainty)}: {other.WhatHappened}");
            console.Say($"    to do: {other.WhatToDo}");
            foreach (var line in other.Evidence)
            {
                console.Say($"    [grey]{line}[/]");
            }
        }

        console.WriteLine();
    }
}
