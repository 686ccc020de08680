using System.Globalization;
using System.Xml.Linq;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Diagnosis;
using static DriftGuard.Worker.Drift.Reports.ReportText;

namespace DriftGuard.Worker.Drift.Reports;

/// <summary>
/// A drift report as one page that needs nothing else: no script, no font, no picture from elsewhere. It is built as a tree, so that texts of
/// others cannot become markup.
/// </summary>
public static class DriftReportHtml
{
    private const string Style = """
        :root { color-scheme: light dark; --text: #1c2024; --dim: #5a6370; --back: #ffffff; --card: #f4f5f7; --line: #d5d9df; --good: #1f6f43; --bad: #b3261e; --warn: #8a5300; --past: #7c8794; --now: #1d5fbf; }
        @media (prefers-color-scheme: dark) { :root { --text: #e6e9ed; --dim: #a3adb9; --back: #14171a; --card: #1e2227; --line: #3a424c; --good: #69d19a; --bad: #ff8a80; --warn: #ffc166; --past: #8b96a3; --now: #7fb2ff; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
        main, footer { max-width: 62rem; margin: 0 auto; padding: 1rem; }
        h1 { font-size: 1.6rem; margin: .5rem 0; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; } h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
        .answers { display: grid; gap: .8rem; } .answers section { background: var(--card); border-left: .3rem solid var(--now); padding: .6rem 1rem; } .answers h2 { margin: 0; font-size: 1rem; } .answers p { margin: .2rem 0 0; }
        .dim, footer, figcaption { color: var(--dim); font-size: .9rem; }
        .table { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .92rem; } th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; } th { white-space: nowrap; } .figure { text-align: right; font-variant-numeric: tabular-nums; }
        caption { text-align: left; font-weight: 600; padding: .6rem 0 .2rem; }
        .verdict { font-weight: 700; border: 1px solid currentColor; border-radius: .3rem; padding: 0 .4rem; white-space: nowrap; } .none { color: var(--good); } .suspected, .insufficient_data { color: var(--warn); } .confirmed, .failed { color: var(--bad); }
        figure { margin: 1rem 0; } svg { width: 100%; height: auto; background: var(--card); } svg text { fill: var(--text); font: 11px system-ui, sans-serif; }
        .grid { stroke: var(--line); } .axis { stroke: var(--dim); } .limit { stroke: var(--warn); stroke-width: 2; } .good { fill: var(--good); } .bad { stroke: var(--bad); stroke-width: 2; fill: none; } .bad-fill { fill: var(--bad); } .block { fill: none; stroke: var(--now); stroke-width: 2; stroke-dasharray: 4 3; } .past { fill: var(--past); } .now { fill: var(--now); }
        """;

    /// <summary>Writes a report.</summary>
    /// <param name="report">The report.</param>
    /// <returns>The page, which is well-formed XML after its first line.</returns>
    public static string Write(DriftReport report)
    {
        var title = $"Drift of {report.Index}: {DriftJson.Word(report.Verdict)}";
        var page = new XElement(
            "html", new XAttribute("lang", "en"),
            new XElement(
                "head", new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                Element("title", title), new XElement("style", Style)),
            new XElement("body", new XElement("main", Head(report), Answers(report.Diagnosis), Detectors(report), Evidence(report.Diagnosis), Others(report.Diagnosis), report.Detectors.Select(Findings)), Foot(report)));
        return $"<!DOCTYPE html>\n{page}\n";
    }

    private static XElement Head(DriftReport report) => new(
        "header",
        new XElement("h1", $"Drift of {XmlText.Of(report.Index)}: ", Verdict(report.Verdict)),
        Element("p", $"Cause {DriftJson.Word(report.Diagnosis.Cause)}, {DriftJson.Word(report.Diagnosis.Certainty)}. Checked {Time(report.At)}, {report.Trigger}.", "dim"));

    private static XElement Answers(DriftDiagnosis diagnosis) => new(
        "div", new XAttribute("class", "answers"),
        Answer("What happened?", diagnosis.WhatHappened), Answer("Since when?", diagnosis.SinceWhen), Answer("What do I do?", diagnosis.WhatToDo));

    private static XElement Answer(string question, string answer) => new("section", Element("h2", question), Element("p", answer));

    private static XElement Detectors(DriftReport report)
    {
        string[] columns = ["detector", "verdict", "statistic", ">p", "effect", "samples", ">runs", ">seconds", "reason"];
        return new(
            "section", Element("h2", "Detectors"),
            Table("What each detector answered", columns, report.Detectors.Select(result => new object[]
            {
                DriftJson.Word(result.Detector), Verdict(result.Verdict), Figure(result.Statistic), Figure(result.P), Figure(result.Effect), Samples(result.Samples),
                Count(result.Runs), (result.Milliseconds / 1000).ToString("0.0", CultureInfo.InvariantCulture), result.Reason,
            })));
    }

    private static XElement? Evidence(DriftDiagnosis diagnosis) => diagnosis.Evidence.Count == 0
        ? null
        : new("section", Element("h2", "Evidence"), List(diagnosis.Evidence));

    private static XElement? Others(DriftDiagnosis diagnosis) => diagnosis.Others.Count == 0 ? null : new(
        "section", Element("h2", "Also wrong, or explaining the same"),
        diagnosis.Others.Select(other => new[]
        {
            Element("h3", $"{DriftJson.Word(other.Cause)}, {DriftJson.Word(other.Certainty)}"), Element("p", other.WhatHappened), Element("p", $"To do: {other.WhatToDo}"), List(other.Evidence),
        }));

    private static XElement Findings(DetectorResult result) => new(
        "section",
        new XElement("h2", $"Detector {DriftJson.Word(result.Detector)} ", Verdict(result.Verdict)),
        Element("p", result.Sentence),
        Element("p", $"Reason {result.Reason}; compared with {result.ComparedWith ?? "nothing"}; seed {result.Seed?.ToString(CultureInfo.InvariantCulture) ?? "none"}.", "dim"),
        DriftReportCharts.Of(result),
        FindingTables.Of(result).Select(table => Table(table.Title, table.Columns, table.Rows)));

    private static XElement Foot(DriftReport report) => Element(
        "footer",
        string.Create(CultureInfo.InvariantCulture,
            $"Report {report.Id}; collection {report.Collection ?? "none"}, model {report.Model ?? "not known"}, fingerprint {report.Fingerprint ?? "not known"}; seed {report.Seed}; {report.Milliseconds / 1000:0.0} s, of which {report.EmbeddingMilliseconds / 1000:0.0} s embedding {report.TextsEmbedded:N0} texts."));

    /// <summary>A table; a wide one scrolls by itself, also from the keyboard.</summary>
    private static XElement Table(string caption, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object>> rows) => new(
        "div", new XAttribute("class", "table"), new XAttribute("tabindex", "0"),
        new XElement(
            "table", Element("caption", caption),
            new XElement("thead", new XElement("tr", columns.Select(column => new XElement("th", new XAttribute("scope", "col"), CssOf(column), column.TrimStart('>'))))),
            new XElement("tbody", rows.Select(row => new XElement(
                "tr", row.Select((cell, i) => new XElement(i == 0 ? "th" : "td", i == 0 ? new XAttribute("scope", "row") : CssOf(columns[i]), cell is string text ? XmlText.Of(text) : cell)))))));

    private static XAttribute? CssOf(string column) => column.StartsWith('>') ? new("class", "figure") : null;

    private static XElement List(IReadOnlyList<string> lines) => new("ul", "", lines.Select(line => Element("li", line)));

    private static XElement Verdict(DriftVerdict verdict) => Element("span", DriftJson.Word(verdict), $"verdict {DriftJson.Word(verdict)}");

    private static XElement Element(string name, string text, string? css = null) => new(name, css is null ? null : new XAttribute("class", css), XmlText.Of(text));
}
