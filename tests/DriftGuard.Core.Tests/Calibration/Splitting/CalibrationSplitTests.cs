using CsCheck;
using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Splitting;

namespace DriftGuard.Core.Tests.Calibration.Splitting;

public sealed class CalibrationSplitTests
{
    [Fact]
    public void Every_query_is_in_one_half_and_every_group_too() => Gen.Select(Gen.Int[1, 8].Array[2, 60], Gen.Double[.1, .9], Gen.Int).Sample((sizes, share, seed) =>
    {
        var set = SetExample.Of([.. sizes.SelectMany((size, group) => Enumerable.Range(0, size).Select(i => SetExample.Query((group * 10) + i, document: $"d{group}")))]);
        var split = CalibrationSplit.Of(set, share, seed, []);
        return split.First.Count + split.Second.Count == set.Queries.Count
            && !split.First.Overlaps(split.Second)
            && split.SharedDocuments == 0
            && set.Queries.GroupBy(query => query.Group).All(group => group.Select(query => split.First.Contains(query.Id)).Distinct().Count() == 1)
            && Math.Abs(split.First.Count - (share * set.Queries.Count)) <= sizes.Max();
    });

    [Fact]
    public void A_seed_gives_the_same_halves_and_another_gives_others()
    {
        var set = SetExample.Of(SetExample.Queries(100));

        CalibrationSplit.Of(set, .5, 7, []).First.ShouldBe(CalibrationSplit.Of(set, .5, 7, []).First, ignoreOrder: true);
        CalibrationSplit.Of(set, .5, 8, []).First.SetEquals(CalibrationSplit.Of(set, .5, 7, []).First).ShouldBeFalse();
    }

    [Fact]
    public void Slices_keep_their_shares()
    {
        var set = SetExample.Of(SetExample.Queries(300, i => [("lang", i % 10 == 0 ? "de" : "en")]));

        var split = CalibrationSplit.Of(set, .4, 3, ["lang"]);

        set.Queries.Where(query => split.First.Contains(query.Id)).CountBy(query => query.Fields["lang"], StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal)
            .ShouldBe(new Dictionary<string, int>(StringComparer.Ordinal) { ["de"] = 12, ["en"] = 108 }, ignoreOrder: true);
    }

    [Fact]
    public void Documents_that_both_halves_call_relevant_are_counted()
    {
        var set = SetExample.Of([.. Enumerable.Range(0, 20).Select(i => SetExample.Query(i) with { Judgements = new Dictionary<string, int>(StringComparer.Ordinal) { ["all"] = 1, [$"d{i}"] = 1 } })]);

        CalibrationSplit.Of(set, .5, 1, []).SharedDocuments.ShouldBe(1);
    }

    [Fact]
    public void Lines_go_to_their_half_as_they_stand()
    {
        var text = new CalibrationSetText(
            "{\"text\": \"one\", \"id\": \"q1\"}\r\n{\"id\": \"q2\", \"text\": \"two\"}\n", "query-id\tcorpus-id\tscore\nq2\td2\t1\nq1\td1\t1\n", "corpus", "score\tsentence1\tsentence2\n1\ta\tb\n0\tc\td\n");

        var half = SplitFiles.Of(text, new HashSet<string>(["q1"], StringComparer.Ordinal), line => line == 1);

        half.ShouldBe(new("{\"text\": \"one\", \"id\": \"q1\"}\n", "query-id\tcorpus-id\tscore\nq1\td1\t1\n", "corpus", "score\tsentence1\tsentence2\n0\tc\td\n"));
    }

    [Fact]
    public void An_empty_set_divides_into_two_empty_ones()
    {
        var split = CalibrationSplit.Of(SetExample.Of([]), .5, 1, ["lang"]);

        (split.First.Count, split.Second.Count).ShouldBe((0, 0));
    }
}
