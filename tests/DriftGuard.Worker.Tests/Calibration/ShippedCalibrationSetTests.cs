using DriftGuard.Core.Calibration;
using DriftGuard.Core.Retrieval;
using DriftGuard.Worker.Calibration;

namespace DriftGuard.Worker.Tests.Calibration;

public class ShippedCalibrationSetTests
{
    private static readonly string Root = FindRoot();

    [Theory]
    [InlineData("xquad-en", 240, 1190, 1, 240, "CC-BY-SA-4.0")]
    [InlineData("xquad-de", 240, 1190, 1, 240, "CC-BY-SA-4.0")]
    [InlineData("xquad-es", 240, 1190, 1, 240, "CC-BY-SA-4.0")]
    [InlineData("clinc150", 15000, 1500, 100, 150, "CC-BY-3.0")]
    public void Each_set_loads_without_a_warning_and_is_complete(string name, int documents, int queries, int relevantEach, int groups, string licence)
    {
        var set = CalibrationSetFolder.Load(Path.Combine(Root, name));

        set.Warnings.ShouldBeEmpty();
        set.Corpus!.Count.ShouldBe(documents);
        set.Queries.Count.ShouldBe(queries);
        set.Qrels.QueryIds.ShouldBe(set.Queries.Select(query => query.Id));
        set.Qrels.QueryIds.ShouldAllBe(query => set.Qrels[query].Count == relevantEach);
        set.GroupCount.ShouldBe(groups);
        set.Header.Licence.ShouldBe(licence);
        set.Header.Metrics.ShouldBe([RetrievalMetric.CappedRecallAt10, RetrievalMetric.NdcgAt10]);
        StaleLabels.Find(set, set.Corpus!.Select(document => document.Id).ToHashSet(StringComparer.Ordinal).Contains).Missing.ShouldBe(0);
    }

    [Fact]
    public void Clinc150_has_ten_domains_of_150_queries_as_slices()
    {
        var set = CalibrationSetFolder.Load(Path.Combine(Root, "clinc150"));

        set.Header.Slices.ShouldBe([new CalibrationSlice("domain")]);
        set.Queries.CountBy(query => query.Fields["domain"], StringComparer.Ordinal).Select(domain => domain.Value).ShouldBe(Enumerable.Repeat(150, 10));
    }

    [Fact]
    public void Every_set_says_where_it_comes_from_and_what_was_changed()
    {
        foreach (var folder in Directory.GetDirectories(Root))
        {
            var readme = File.ReadAllText(Path.Combine(folder, "README.md"));
            readme.ShouldContain("- Source: https://");
            readme.ShouldContain("- Licence: CC BY");
            readme.ShouldContain("Changed from the source:");
        }
    }

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "DriftGuard.sln")))
            directory = directory.Parent ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds DriftGuard.sln.");
        return Path.Combine(directory.FullName, "calibration-sets");
    }
}
