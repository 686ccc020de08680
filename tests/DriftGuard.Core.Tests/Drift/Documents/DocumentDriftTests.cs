using System.Text.Json;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Documents;

namespace DriftGuard.Core.Tests.Drift.Documents;

public class DocumentDriftTests
{
    [Fact]
    public void The_same_corpus_shows_nothing()
    {
        var result = DocumentDrift.Judge(Corpus(1, 600), Corpus(2, 600), .5, seed: 4);

        result.Verdict.ShouldBe(DriftVerdict.None);
        (result.Baseline, result.Now, result.Seed).ShouldBe((600, 600, 4));
        result.Squared.ShouldBeInRange(result.Lower, result.Upper);
        result.ShouldBe(DocumentDrift.Judge(Corpus(1, 600), Corpus(2, 600), .5, seed: 4));
    }

    [Fact]
    public void A_material_change_is_suspected_and_confirmed_by_a_fresh_sample_that_shows_it_too()
    {
        DocumentDrift.Judge(Corpus(1, 600), Corpus(2, 600, moved: .3), .5, 4).Verdict.ShouldBe(DriftVerdict.Suspected);
        var confirmed = DocumentDrift.Judge(Corpus(1, 600), Corpus(2, 600, moved: .3), .5, 4, Corpus(3, 600, moved: .3));
        confirmed.Verdict.ShouldBe(DriftVerdict.Confirmed);
        confirmed.Fresh!.Seed.ShouldBe(5);
        DocumentDrift.Judge(Corpus(1, 600), Corpus(2, 600, moved: .3), .5, 4, Corpus(3, 600)).Verdict.ShouldBe(DriftVerdict.Suspected);
        JsonSerializer.Deserialize<DocumentDrift>(JsonSerializer.Serialize(confirmed)).ShouldBe(confirmed);
    }

    [Fact]
    public void What_cannot_be_compared_is_insufficient_with_a_reason()
    {
        Reason(Corpus(1, 199), Corpus(2, 300), .5).ShouldBe("the samples have 199 and 300 documents; 200 of each are needed");
        Reason(Corpus(1, 300), Corpus(2, 300), 0).ShouldContain("bandwidth is 0");
        Reason(Corpus(1, 300), [.. Corpus(2, 299), [1]], .5).ShouldBe("a vector has 1 dimensions, the baseline's first has 4");
        Reason(Corpus(1, 300), [.. Corpus(2, 299), [1, 2, 3, float.NaN]], .5).ShouldContain("not finite");

        static string Reason(IReadOnlyList<float[]> then, IReadOnlyList<float[]> now, double bandwidth)
        {
            var result = DocumentDrift.Judge(then, now, bandwidth, 1);
            result.Verdict.ShouldBe(DriftVerdict.InsufficientData);
            return result.Reason!;
        }
    }

    [Fact]
    public void Equal_documents_are_no_change()
    {
        var same = Enumerable.Repeat(new[] { 1f, 0, 0, 0 }, 300).ToList();

        DocumentDrift.Judge(same, same, .5, 1).Verdict.ShouldBe(DriftVerdict.None);
    }

    private static List<float[]> Corpus(int seed, int documents, double moved = 0)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, documents).Select(_ =>
        {
            var shift = random.NextDouble() < moved ? .7f : 0;
            return Enumerable.Range(0, 4).Select(axis => (float)random.NextDouble() + shift).ToArray();
        })];
    }
}
