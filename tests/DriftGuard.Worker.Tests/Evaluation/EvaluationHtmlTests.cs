using System.Xml.Linq;
using DriftGuard.Core.Gate;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Evaluation.Reports;

namespace DriftGuard.Worker.Tests.Evaluation;

/// <summary>The page of an evaluation: whole, self-contained, and safe whatever texts are in it.</summary>
public sealed class EvaluationHtmlTests
{
    private const string Evil = "<script>alert(\"1\")</script> & \u0001 \uD800";

    [Fact]
    public void It_is_well_formed_and_no_text_becomes_markup()
    {
        var text = EvaluationHtml.Write(Report());

        Parse(Report()).Descendants("script").ShouldBeEmpty();
        text.ShouldNotContain("<script");
        Parse(Report()).Descendants("h3").First().Value.ShouldBe("<script>alert(\"1\")</script> & \uFFFD \uFFFD");
    }

    [Fact]
    public void It_needs_nothing_from_elsewhere()
    {
        var text = EvaluationHtml.Write(Report());

        Parse(Report()).Descendants().Attributes().ShouldAllBe(attribute => attribute.Name.LocalName != "src" && attribute.Name.LocalName != "href" && !attribute.Name.LocalName.StartsWith("on"));
        text.ShouldNotContain("url(");
        text.ShouldNotContain("http");
        text.ShouldContain("prefers-color-scheme: dark");
        text.ShouldContain("@media print");
    }

    [Fact]
    public void The_verdict_comes_first_then_the_gate_and_what_it_stands_on()
    {
        var page = Parse(Report());

        page.Descendants("h1").ShouldHaveSingleItem().Value.ShouldBe("Gate of docs: refused");
        page.Descendants("h2").Select(heading => heading.Value).ShouldBe(
            ["Verdict", "The gate", "Metrics", "Model or index", "Slices", "Queries that changed", "Queries that lost most", "Queries that gained most", "What was evaluated"]);
        page.Descendants("table").ShouldAllBe(table => table.Element("caption") != null && table.Descendants("th").All(heading => heading.Attribute("scope") != null));
        page.Descendants("svg").Count().ShouldBe(5, "differences, levels, approximate against exact, slices, queries");
        page.Descendants("svg").ShouldAllBe(chart => chart.Attribute("aria-label") != null && chart.Element("title") != null);
        page.Descendants("footer").Single().Value.ShouldContain(new string('b', 64), customMessage: "fingerprints in full");
        page.Descendants("footer").Single().Value.ShouldContain("sign flips 1, slices 1");
    }

    [Fact]
    public void Every_row_has_a_cell_for_each_heading()
    {
        var page = Parse(Report());

        foreach (var table in page.Descendants("table"))
        {
            var columns = table.Element("thead")!.Descendants("th").Count();
            table.Element("tbody")!.Elements("tr").ShouldAllBe(row => row.Elements().Count() == columns, table.Element("caption")!.Value);
        }
    }

    [Fact]
    public void Charts_draw_the_numbers_of_the_report_inside_their_frames()
    {
        var page = Parse(Report());

        page.Descendants("path").Elements("title").Select(title => title.Value).ShouldContain(title => title.StartsWith("recall_cap@10: -0.", StringComparison.Ordinal), "worse is a cross");
        foreach (var chart in page.Descendants("svg"))
        {
            var box = chart.Attribute("viewBox")!.Value.Split(' ').Select(number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture)).ToList();
            foreach (var (name, most) in new[] { ("x", box[2]), ("cx", box[2]), ("x1", box[2]), ("x2", box[2]), ("y", box[3]), ("cy", box[3]), ("y1", box[3]), ("y2", box[3]) })
            {
                chart.Descendants().Attributes(name).Select(a => (double)a).ShouldAllBe(place => place >= 0 && place <= most, name);
            }
        }
    }

    [Fact]
    public void A_preflight_shows_differences_with_99_percent_bounds_and_no_level()
    {
        var set = SmallSet.Of(60);
        var report = SmallSet.Compared(set, SmallSet.Side(set, "old", i => i < 33 ? 1 : 0), SmallSet.Side(set, "new", i => i < 48 ? 1 : 0), new() { Alpha = .01, Margin = .05 }) with
        {
            Kind = EvaluationKind.Preflight,
            SubCorpus = new(60, 90),
        };
        var text = EvaluationHtml.Write(report);

        text.ShouldContain("one-sided 99 % bounds");
        text.ShouldContain("sub-corpus");
        text.ShouldContain("+0.2500");
        EvaluationTables.Levels(report).ShouldBeNull();
        EvaluationTables.Metrics(report)!.Columns.ShouldBe(["metric", ">difference", ">bounds", ">margin", ">p, sign flips", "verdict"]);
        text.ShouldNotMatch("0[.]55|0[.]80", "a level on a sub-corpus is not the index'");
    }

    [Fact]
    public void A_report_without_queries_is_a_page_as_well()
    {
        var set = SmallSet.Of(0);

        Parse(SmallSet.Compared(set, SmallSet.Side(set, "old", _ => 1, _ => 1), SmallSet.Side(set, "new", _ => 1, _ => 1)))
            .Descendants("h1").Single().Value.ShouldBe("Compare of docs: inconclusive");
    }

    private static XElement Parse(EvaluationReport report)
    {
        var text = EvaluationHtml.Write(report);
        text.ShouldStartWith("<!DOCTYPE html>\n");
        return XDocument.Parse(text[text.IndexOf('\n')..]).Root!;
    }

    private static EvaluationReport Report()
    {
        var set = SmallSet.Of(120, i => i % 2 == 0 ? Evil : "en");
        set = set with { Queries = [.. set.Queries.Select(query => query with { Text = Evil })] };
        var report = SmallSet.Compared(set, SmallSet.Side(set, "old", i => i % 10 == 0 ? 0 : 1, _ => 1), SmallSet.Side(set, "new", i => i % 3 == 0 ? 1 : 0, i => i % 3 == 0 ? 1 : 2));
        return report with
        {
            Kind = EvaluationKind.Gate,
            Verdict = "refused",
            Sentence = Evil,
            Notes = [Evil],
            Gate = new(GateDecision.Refused, [new(Evil, GateVerdict.Fail, GateReason.Worse, Evil) { Figures = new Dictionary<string, double> { [Evil] = .25 } }]),
            Examples = report.Examples! with
            {
                MostWorsened = [.. report.Examples.MostWorsened.Select(e => e with { OldResults = [.. e.OldResults.Select(r => r with { Excerpt = Evil, Document = Evil })] })],
            },
        };
    }
}
