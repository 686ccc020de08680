using DriftGuard.Core.Gate;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Evaluation.Reports;

namespace DriftGuard.Worker.Tests.Evaluation;

/// <summary>Reports as they are kept.</summary>
public sealed class EvaluationJsonTests
{
    /// <summary>As reports were written before intervals, slices, attribution and examples were in them.</summary>
    private const string Older = """
        {"id":"docs-1","kind":"gate","index":"docs","calibrationSet":"xquad-en","at":"2026-11-24T10:00:00+00:00","metrics":["recall_cap@10"],
         "old":{"collection":"blue","model":"old","fingerprint":"aa","means":[0.8],"exactMeans":[0.81],"p95Milliseconds":1.5},
         "new":{"collection":"green","model":"new","fingerprint":"bb","means":[0.9],"exactMeans":[0.9],"p95Milliseconds":1.25},
         "comparisons":[{"metric":"recall_cap@10","result":{"verdict":"better","rule":"paired","queries":2,"groups":2,"meanOld":0.8,"meanNew":0.9,"meanDifference":0.1,
          "margin":0.05,"marginIsDefault":true,"epsilon":0.005,"alpha":0.05,"moreQueriesWillNotSettleIt":false}}],
         "gate":{"decision":"Passed","rows":[{"condition":"complete","verdict":"Pass","reason":"complete","message":"all there","figures":{"parked":0},"final":false}]},
         "labels":{"relevant":2,"missing":0,"missingIds":[],"queriesAffected":0,"queriesWithoutAny":0},
         "queries":[{"id":"q1","old":[0.6],"new":[0.8],"oldFound":["a"],"newFound":["b"]},{"id":"q2","old":[1],"new":[1],"oldFound":["a"],"newFound":["b"]}],
         "sentence":"all 1 conditions of the gate pass"}
        """;

    [Fact]
    public void A_report_of_an_older_version_still_reads_and_shows()
    {
        var report = EvaluationJson.Read(Older);

        report.Gate!.Decision.ShouldBe(GateDecision.Passed);
        report.Comparisons.Single().Result.Verdict.ShouldBe(MatchesOrBeatsVerdict.Better);
        (report.Slices, report.Examples, report.Verdict, report.Groups).ShouldBe((null, null, null, null));
        EvaluationNames.Verdict(report).ShouldBe("passed");
        EvaluationTables.Levels(report)!.Rows.ShouldBe([["recall_cap@10", "old", "0.8000", "-", "0.8100", "-"], ["recall_cap@10", "new", "0.9000", "-", "0.9000", "-"]]);
        EvaluationTables.Attribution(report).ShouldBeNull();
        EvaluationHtml.Write(report).ShouldContain("all 1 conditions of the gate pass");
    }

    [Fact]
    public void What_is_written_is_what_is_read()
    {
        var set = SmallSet.Of(60, i => i % 2 == 0 ? "de" : "en");
        var report = SmallSet.Compared(set, SmallSet.Side(set, "old", i => i % 3, i => i % 3), SmallSet.Side(set, "new", i => i % 2, i => i % 4)) with
        {
            Notes = ["a note"],
            SubCorpus = new(60, 90),
        };
        var written = EvaluationJson.Write(report);

        EvaluationJson.Write(EvaluationJson.Read(written)).ShouldBe(written);
        written.ShouldContain("\"attribution\":{\"cause\":");
        written.ShouldContain("\"judgement\":\"not_relevant\"");
    }
}
