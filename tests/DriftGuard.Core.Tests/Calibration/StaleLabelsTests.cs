using DriftGuard.Core.Calibration;

namespace DriftGuard.Core.Tests.Calibration;

public class StaleLabelsTests
{
    [Fact]
    public void Missing_relevant_documents_are_all_counted_and_the_first_named()
    {
        var stale = StaleLabels.Find(new CalibrationExample().Set(), id => id == "d1", named: 1);

        (stale.Relevant, stale.Missing, stale.QueriesAffected, stale.QueriesWithoutAny).ShouldBe((3, 2, 3, 1));
        stale.MissingIds.ShouldBe(["d2"]);
    }

    [Fact]
    public void Documents_judged_not_relevant_may_go() =>
        StaleLabels.Find(new CalibrationExample { Qrels = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td2\t0\n" }.Set(), id => id == "d1").Missing.ShouldBe(0);

    [Fact]
    public void Each_document_is_looked_up_once()
    {
        var asked = new List<string>();
        StaleLabels.Find(new CalibrationExample().Set(), id =>
        {
            asked.Add(id);
            return true;
        });

        asked.ShouldBe(["d1", "d2", "d3"], ignoreOrder: true);
    }
}
