using DriftGuard.Cli.Shell;
using DriftGuard.Core.Drift.Findings;
using DriftGuard.Worker.Drift.Doctor;
using DriftGuard.Worker.Reports;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Doctor;

/// <summary>Who made a collection, as <c>doctor</c> shows it: the answer first.</summary>
internal static class OriginView
{
    public static void Write(IAnsiConsole console, OriginReport report)
    {
        console.Say($"[bold]{report.Collection}[/]: {report.Sentence}");
        if (report.WhatToDo is { } action)
        {
            console.Say($"[bold]to do[/]: {action}");
        }

        console.WriteLine();
        WriteMakers(console, report.Makers);
        WriteFacts(console, report);
        WriteClosest(console, report.Closest);
    }

    private static void WriteMakers(IAnsiConsole console, IReadOnlyList<OriginShare> makers)
    {
        if (makers.Count == 0)
        {
            return;
        }

        var table = Tables.Create(console, "made by", "fingerprint", ">points", ">share", ">95 % at least", ">at most", ">median distance", "where");
        foreach (var maker in makers)
        {
            table.AddTextRow(
                maker.Name, ReportText.Fingerprint(maker.Fingerprint), ReportText.Count(maker.Share.Mismatches), ReportText.Percent(maker.Share.Share), ReportText.Percent(maker.Share.Lower95),
                ReportText.Percent(maker.Share.Upper95), ReportText.Figure(maker.MedianDistance), Where(maker));
        }

        console.Write(table);
        console.WriteLine();
    }

    private static string Where(OriginShare maker) => string.Join("; ", maker.Groups.Select(group => $"{group.Key} {group.Value}: {group.Mismatches} of {group.Size}")
        .Prepend(maker.Block is { } block ? $"id {block.FirstId} to {block.LastId}: {block.Scan.InsideMismatches} of {block.Scan.Inside}, p {ReportText.Figure(block.Scan.P)}" : "").Where(place => place.Length > 0));

    private static void WriteFacts(IAnsiConsole console, OriginReport report)
    {
        var table = Tables.Create(console, "property", "value");
        table.AddTextRow("points", $"{ReportText.Count(report.Points)}, {ReportText.Count(report.Sampled)} sampled (seed {report.Seed}), {ReportText.Count(report.Compared)} compared");
        if (report.Dimensions is { } dimensions)
        {
            table.AddTextRow("vectors", $"{dimensions} dimensions, {report.Distance}");
        }

        if (report.TextField is { } field)
        {
            table.AddTextRow("text", Of(field));
        }

        if (report.OtherTextFields.Count > 0)
        {
            table.AddTextRow("other texts", string.Join("; ", report.OtherTextFields.Select(Of)));
        }

        table.AddTextRow("it says", report.DeclaredModel is null ? "nothing of a model" : $"{report.DeclaredModel} {ReportText.Fingerprint(report.DeclaredFingerprint)}");
        table.AddTextRow("stamps", string.Join(", ", report.Stamps.OrderByDescending(stamp => stamp.Value).Select(stamp => $"{ReportText.Fingerprint(stamp.Key)} ({ReportText.Count(stamp.Value)})").Append($"none ({ReportText.Count(report.Unstamped)})")));
        Add(table, "of no model here", report.Unexplained);
        Add(table, "bad vectors", report.BadVectors);
        Add(table, "without text", report.WithoutText);
        Add(table, "text edited since", report.TextEdited);
        Add(table, "same vector, other text", report.SharedVectors);
        Add(table, "repeated texts", report.RepeatedTexts);
        table.AddTextRow("models tried", report.Tried.Count == 0 ? "none" : string.Join(", ", report.Tried.Select(model => model.Problem is null ? model.Model : $"{model.Model} (not tried: {model.Problem})")));
        console.Write(table);
    }

    private static void WriteClosest(IAnsiConsole console, IReadOnlyList<VariantFit> closest)
    {
        if (closest.Count == 0)
        {
            return;
        }

        console.WriteLine();
        var table = Tables.Create(console, "closest to the rest", ">median distance", "what it would mean");
        foreach (var fit in closest)
        {
            table.AddTextRow(fit.Name, ReportText.Figure(fit.MedianDistance), fit.Explanation);
        }

        console.Write(table);
    }

    private static void Add(Table table, string name, PointCount count)
    {
        if (count.Points > 0)
        {
            table.AddTextRow(name, $"{ReportText.Count(count.Points)}: {string.Join(", ", count.Examples)}{(count.Points > count.Examples.Count ? ", ..." : "")}");
        }
    }

    private static string Of(TextFieldUse field) => $"'{field.Field}' in {ReportText.Count(field.Points)} points, {field.MeanLength:0} characters on average";
}
