using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Documents;
using DriftGuard.Core.Statistics.TwoSample;
using DriftGuard.Testing.Drift;

namespace DriftGuard.Worker.Tests.Drift.Simulations;

/// <summary>False alarms of the document detector, and what it finds.</summary>
[Collection(SimulationsAlone.Name)]
public class DocumentDetectorSimulations
{
    private static readonly Lazy<Task<(IReadOnlyList<ServedText> Texts, PairwiseDistances Distances, double Bandwidth)>> Shared = new(async () =>
    {
        var served = await RealEmbeddings.RequestsAsync();
        var texts = Traffic.Draw(served.Usual, 3_000, new Random(5));
        var distances = PairwiseDistances.Of(Samples.Of(texts.Take(1).Select(text => text.Vector), texts.Skip(1).Select(text => text.Vector)));
        return (texts, distances, distances.Select([.. Enumerable.Range(0, 500)], [.. Enumerable.Range(500, 500)]).Median());
    });

    [Fact]
    public async Task Two_samples_of_one_corpus_are_no_drift()
    {
        var (texts, distances, bandwidth) = await Shared.Value;
        var positions = Enumerable.Range(0, texts.Count).ToList();

        var alarms = Trials.In(Trials.Count, (trial, random) =>
        {
            var drawn = Traffic.Draw(positions, 500, random);
            return DocumentDrift.Of(distances.Select([.. drawn.Take(250)], [.. drawn.Skip(250)]), bandwidth, trial).Verdict != DriftVerdict.None;
        });

        TestContext.Current.TestOutputHelper!.WriteLine($"suspected {alarms} of {Trials.Count}");
        alarms.ShouldBeLessThanOrEqualTo(50);
    }

    [Fact]
    public async Task A_fifth_of_another_domain_is_found_and_uneven_growth_is_not()
    {
        var (texts, distances, bandwidth) = await Shared.Value;
        var positions = Enumerable.Range(0, texts.Count).ToList();
        var domains = texts.Select(text => text.Text.Domain).Distinct(StringComparer.Ordinal).ToList();

        var replaced = Trials.In(50, (trial, random) =>
        {
            var domain = domains[trial % domains.Count];
            var usual = positions.Where(position => texts[position].Text.Domain != domain).ToList();
            var others = positions.Where(position => texts[position].Text.Domain == domain).ToList();
            var drawn = Traffic.Draw(usual, 900, random);
            return Suspected([.. drawn.Take(500)], [.. drawn.Skip(500), .. Traffic.Draw(others, 100, random)], trial);
        });
        var grown = Trials.In(50, (trial, random) =>
        {
            var weights = texts.Select(text => text.Text.Intent).Distinct(StringComparer.Ordinal).ToDictionary(intent => intent, _ => random.NextDouble(), StringComparer.Ordinal);
            var drawn = Traffic.Draw(positions, texts.Count, random);
            var now = drawn.Skip(500).Where(position => random.NextDouble() * 2 < 1 + weights[texts[position].Text.Intent]).Take(500);
            return Suspected([.. drawn.Take(500)], [.. now], trial);
        });

        TestContext.Current.TestOutputHelper!.WriteLine($"replaced {replaced}, grown {grown} of 50");
        replaced.ShouldBeGreaterThanOrEqualTo(45);
        grown.ShouldBeLessThanOrEqualTo(5);

        bool Suspected(IReadOnlyList<int> then, IReadOnlyList<int> now, int seed) =>
            DocumentDrift.Of(distances.Select(then, now), bandwidth, seed).Verdict == DriftVerdict.Suspected;
    }
}
