using System.Xml.Linq;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Diagnosis;
using DriftGuard.Core.Drift.Findings;
using DriftGuard.Core.Drift.Probes;
using DriftGuard.Core.Drift.Sampling;
using DriftGuard.Worker.Drift.Reports;

namespace DriftGuard.Worker.Tests.Drift.Reports;

/// <summary>The page of a report: whole, self-contained, and safe whatever texts are in it.</summary>
public sealed class DriftReportHtmlTests
{
    private const string Evil = "<script>alert(\"1\")</script> & \u0001 \uD800";

    [Fact]
    public void It_is_well_formed_and_no_text_becomes_markup()
    {
        var page = Parse(Report());

        page.Descendants("script").ShouldBeEmpty();
        page.Descendants("section").Descendants("p").First().Value.ShouldBe("<script>alert(\"1\")</script> & \uFFFD \uFFFD");
        DriftReportHtml.Write(Report()).ShouldContain("&lt;script&gt;");
    }

    [Fact]
    public void It_needs_nothing_from_elsewhere()
    {
        var text = DriftReportHtml.Write(Report());
        var page = Parse(Report());

        page.Descendants().Attributes().ShouldAllBe(attribute => attribute.Name.LocalName != "src" && attribute.Name.LocalName != "href" && !attribute.Name.LocalName.StartsWith("on"));
        text.ShouldNotContain("url(");
        text.ShouldNotContain("@import");
        text.ShouldContain("prefers-color-scheme: dark");
    }

    [Fact]
    public void Headings_tables_and_charts_can_be_found_without_seeing_them()
    {
        var page = Parse(Report());

        page.Descendants("h1").ShouldHaveSingleItem().Value.ShouldBe("Drift of docs: confirmed");
        page.Descendants("h2").Take(3).Select(heading => heading.Value).ShouldBe(["What happened?", "Since when?", "What do I do?"]);
        page.Descendants("table").ShouldAllBe(table => table.Element("caption") != null && table.Descendants("th").All(heading => heading.Attribute("scope") != null));
        page.Descendants("svg").Count().ShouldBe(3, "probes, mismatches, coverage by day");
        page.Descendants("svg").ShouldAllBe(chart => chart.Attribute("aria-label") != null && chart.Element("title") != null);
    }

    [Fact]
    public void Every_probe_and_slice_is_drawn_with_its_figures()
    {
        var page = Parse(Report());

        page.Descendants("circle").Elements("title").Select(title => title.Value).ShouldContain("probe 1: distance 2.0e-5, tolerance 0.004");
        page.Descendants("path").Elements("title").Select(title => title.Value).ShouldBe(["probe 2: distance 0.31, tolerance 0.004"]);
        page.Descendants("rect").Elements("title").Select(title => title.Value).ShouldContain("from id 11: 4 of 10");
        page.Descendants("rect").Elements("title").Select(title => title.Value).ShouldContain("block from id 11 to 14");
    }

    [Fact]
    public void Every_row_of_the_findings_has_a_cell_for_each_heading()
    {
        var tables = Report().Detectors.SelectMany(FindingTables.Of).ToList();

        tables.Count.ShouldBeGreaterThan(5);
        tables.ShouldAllBe(table => table.Rows.Count > 0 && table.Rows.All(row => row.Count == table.Columns.Count));
    }

    private static XElement Parse(DriftReport report)
    {
        var text = DriftReportHtml.Write(report);
        text.ShouldStartWith("<!DOCTYPE html>\n");
        return XDocument.Parse(text[text.IndexOf('\n')..]).Root!;
    }

    private static DriftReport Report() => new()
    {
        Id = "docs-drift-1",
        Index = "docs",
        At = DateTimeOffset.UnixEpoch,
        Trigger = "requested",
        Collection = "docs-1",
        Model = Evil,
        Fingerprint = new('a', 64),
        Seed = 7,
        Milliseconds = 1234,
        Diagnosis = new()
        {
            Cause = DriftCause.IndexMixed,
            Certainty = Certainty.Certain,
            WhatHappened = Evil,
            SinceWhen = "since yesterday",
            WhatToDo = "re-embed",
            Evidence = [Evil],
            Others = [new(DriftCause.LabelsStale, Certainty.Possible, Evil, "mend them", [])],
        },
        Detectors =
        [
            DetectorResult.Without(Detector.Schema, DriftVerdict.Confirmed, DriftReason.NotAsDeclared, Evil) with
            {
                Schema = new("docs-1", [new(SchemaPart.Alias, Evil, "there", "differs")]),
            },
            DetectorResult.Without(Detector.Model, DriftVerdict.Confirmed, DriftReason.BeyondTolerance, "moved") with { Model = Model() },
            DetectorResult.Without(Detector.Index, DriftVerdict.Confirmed, DriftReason.BeyondTolerance, "mixed") with { Index = Index(), P = .001, Effect = new("mismatch_share", .2) { Lower = .1, Upper = .4 } },
            DetectorResult.Without(Detector.Data, DriftVerdict.InsufficientData, DriftReason.TooFew, "few") with
            {
                Data = new() { Coverage = [new(new(2026, 11, 1), 100, .05), new(new(2026, 11, 2), 100, .2)] },
            },
        ],
    };

    private static ModelFindings Model() => new()
    {
        Model = Evil,
        Provider = "onnx",
        Enrolled = new('a', 64),
        Spec = [new("pooling", "mean", "cls")],
        Files = [new("graph", new('b', 64), null)],
        Categories = [new("long", 2, 1, .1) { MaxDistance = .31, MedianTolerance = .004 }],
        Variants = [new("pooling: cls", "pooling", Evil, 2, 2, 0)],
        Probes = new()
        {
            Distances = [2e-5, .31],
            Tolerances = [.004, .004],
            Beyond = [1],
            MedianDistance = .15,
            MaxDistance = .31,
            NormsBeyond = [],
            MedianNorm = 1,
            SimilarityChangeRms = .1,
            SimilarityChangeMax = .2,
            Space = SpaceRelation.Another,
            AxisChange = AxisChange.None,
        },
    };

    private static IndexFindings Index() => new()
    {
        Collection = "docs-1",
        Mismatches = MismatchShare.Of(4, 20, 1000),
        Examples = ["11", "12"],
        MedianMismatch = .4,
        Block = new("11", "14", new(10, 13, 4, 4, 9, .001, 7)),
        Slices = [new("1", 10, 0), new("11", 10, 4)],
        Groups = [new("stamp", Evil, 4, 5, .001, .001)],
        Stamps = new() { Points = 1000, Whole = true, Unstamped = new(2, ["3", "4"]) { Checked = 2, Wrong = 1 } },
    };
}
