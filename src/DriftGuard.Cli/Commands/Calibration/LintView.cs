using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Linting;
using DriftGuard.Core.Calibration.Power;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Calibration;

/// <summary>What was found in a calibration set, for people.</summary>
internal static class LintView
{
    /// <summary>What the exit codes of a look through a set mean.</summary>
    public static IReadOnlyList<(ExitCode Code, string Meaning)> ExitCodes { get; } =
    [
        (ExitCode.Success, "no errors; there may be warnings"),
        (ExitCode.Refused, "errors: results on this set mislead"),
        (ExitCode.Inconclusive, "the set cannot decide anything: it is empty, or has too few groups of queries"),
    ];

    /// <summary>The exit code of a verdict.</summary>
    public static ExitCode CodeOf(LintVerdict verdict) => verdict switch
    {
        LintVerdict.Wrong => ExitCode.Refused,
        LintVerdict.CannotDecide => ExitCode.Inconclusive,
        _ => ExitCode.Success,
    };

    /// <summary>Everything.</summary>
    public static void Write(IAnsiConsole console, LintReport report)
    {
        WriteSize(console, report);
        foreach (var finding in report.Findings)
        {
            WriteFinding(console, finding);
        }

        if (report.Findings.Count == 0)
        {
            console.Say($"[green]nothing found[/]");
        }

        WriteHoles(console, report.Holes);
        WritePower(console, report.Power);
    }

    /// <summary>Errors and warnings in a line each, and how much the set can tell.</summary>
    public static void WriteSummary(IAnsiConsole console, LintReport report, string folder)
    {
        WriteSize(console, report);
        foreach (var finding in report.Findings.Where(finding => finding.Severity != LintSeverity.Note))
        {
            console.MarkupLine($"{Word(finding.Severity)} {Markup.Escape(Printable.Of($"{finding.Rule}: {finding.Message}"))}");
        }

        var notes = report.Findings.Count(finding => finding.Severity == LintSeverity.Note);
        if (report.Power.AttainableMargin is { } margin)
        {
            console.Say($"settles a margin of about {Figure(margin)} ({(report.Power.Source == SpreadSource.Typical ? "by typical figures, not measured on it" : report.Power.From)})");
        }

        console.Say($"[grey]'driftguard calibration lint {folder}' has the whole of it{(notes > 0 ? $", with {notes} {(notes == 1 ? "note" : "notes")}" : "")}[/]");
    }

    private static void WriteSize(IAnsiConsole console, LintReport report) => console.Say(
        $"{report.Set}: {report.Queries} queries in {report.Groups} groups, {report.Judgements} {(report.Labels == CalibrationLabels.Weak ? "weak " : "")}judgements{(report.Documents is { } documents ? string.Create(CultureInfo.InvariantCulture, $", {documents} documents of its own") : "")}{(report.Index is null ? "" : $", with index {report.Index}")}");

    private static void WriteFinding(IAnsiConsole console, LintFinding finding)
    {
        console.MarkupLine($"{Word(finding.Severity)} {Markup.Escape(Printable.Of($"{finding.Rule}: {finding.Message}"))}");
        foreach (var example in finding.Examples)
        {
            console.Say($"    [grey]{Excerpt(example)}[/]");
        }

        console.Say($"    to do: {finding.Advice}");
    }

    private static void WriteHoles(IAnsiConsole console, IReadOnlyList<Holes> holes)
    {
        if (!holes.Any(side => side.Retrieved > 0))
        {
            return;
        }

        console.WriteLine();
        var table = Tables.Create(console, "unjudged results", ">first", ">retrieved", ">unjudged", ">mean share", ">queries");
        foreach (var side in holes)
        {
            table.AddTextRow(side.Side, Count(side.Depth), Count(side.Retrieved), Count(side.Unjudged), Figure(side.Share), Count(side.QueriesWithHoles));
            foreach (var slice in side.Slices)
            {
                table.AddTextRow($"  {slice.Slice}", "", "", "", Figure(slice.Share), Count(slice.Queries));
            }
        }

        console.Write(table);
    }

    private static void WritePower(IAnsiConsole console, SetPower power)
    {
        console.WriteLine();
        console.Say($"What {power.Queries} queries can tell, in four cases of five; spread of differences: {power.From}");
        if (power.AttainableMargin is { } margin)
        {
            console.Say($"They settle a margin of {Figure(margin)} for an equal candidate.");
        }

        var differences = Tables.Create(console, ">difference", ">queries needed", ">missing", ">groups missing");
        foreach (var difference in power.Differences)
        {
            differences.AddTextRow(Figure(difference.Difference), Count(difference.QueriesNeeded), Count(difference.Missing), Count(difference.MissingGroups));
        }

        console.Write(differences);
        if (power.Slices.Count == 0)
        {
            return;
        }

        var slices = Tables.Create(console, "slice", ">queries", ">finds a loss of", "tested");
        foreach (var slice in power.Slices)
        {
            slices.AddTextRow(slice.Slice, Count(slice.Queries), slice.DetectableHarm is { } harm ? Figure(harm) : "-", slice.Tested ? "yes" : "no");
        }

        console.Write(slices);
    }

    private static string Word(LintSeverity severity) => severity switch
    {
        LintSeverity.Error => "[red]error[/]  ",
        LintSeverity.Warning => "[yellow]warning[/]",
        _ => "[grey]note[/]   ",
    };

    private static string Excerpt(string text) => text.Length > 160 ? text[..(char.IsHighSurrogate(text[159]) ? 159 : 160)] + "…" : text;

    private static string Figure(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Count(int value) => value.ToString(CultureInfo.InvariantCulture);
}
