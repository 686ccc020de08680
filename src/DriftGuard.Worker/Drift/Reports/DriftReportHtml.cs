using System.Globalization;
using System.Xml.Linq;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Diagnosis;
using DriftGuard.Worker.Reports;
using static DriftGuard.Worker.Drift.Reports.DriftReportText;
using static DriftGuard.Worker.Reports.HtmlPage;
using static DriftGuard.Worker.Reports.ReportText;

namespace DriftGuard.Worker.Drift.Reports;

/// <summary>
/// A drift report as one page that needs nothing else: no script, no font, no picture from elsewhere. It is built as a tree, so that texts of
/// others cannot become markup.
/// </summary>
public static class DriftReportHtml
{
    /// <summary>Writes a report.</summary>
    /// <param name="report">The report.</param>
    /// <returns>The page, which is well-formed XML after its first line.</returns>
    public static string Write(DriftReport report)
    {
        var title = $"Drift of {report.Index}: {DriftJson.Word(report.Verdict)}";
        return HtmlPage.Write(title, Main(report), Foot(report));
    }

    /// <summary>What a page about a report holds.</summary>
    internal static IEnumerable<XElement?> Main(DriftReport report) =>
        [Head(report), Answers(report.Diagnosis), Detectors(report), Evidence(report.Diagnosis), Others(report.Diagnosis), .. report.Detectors.Select(Findings)];

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
                DriftJson.Word(result.Detector), Verdict(result.Verdict), Named(result.Statistic), Figure(result.P), Named(result.Effect), Samples(result.Samples),
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

    private static XElement Verdict(DriftVerdict verdict) => HtmlPage.Verdict(DriftJson.Word(verdict));
}
