using System.Numerics.Tensors;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Testing.Drift;

namespace DriftGuard.Worker.Tests.Drift.Simulations;

/// <summary>False alarms of the quality detector: the same queries, scored again with the noise that batches of a quantised graph have.</summary>
[Collection(SimulationsAlone.Name)]
public class QualityDetectorSimulations
{
    private const int Queries = 1_500;
    private const int Versions = 6;
    private const double NoiseDistance = .008;

    [Fact]
    public async Task Noise_of_vectors_is_no_loss_of_quality()
    {
        var served = await RealEmbeddings.RequestsAsync();
        var queries = Traffic.Draw(served.Usual, Queries, new Random(11));
        double[][] metrics = [.. Enumerable.Range(0, Versions).Select(version => CappedRecall(queries, served.Documents, new Random(version)))];
        var intents = queries.Select(query => query.Text.Intent).Distinct(StringComparer.Ordinal).Index().ToDictionary(i => i.Item, i => i.Index, StringComparer.Ordinal);
        int[] groups = [.. queries.Select(query => intents[query.Text.Intent])];

        var alarms = Trials.In(Trials.Count, (_, random) =>
        {
            var (then, now) = (random.Next(Versions), random.Next(Versions - 1));
            now += now >= then ? 1 : 0;
            int[] drawn = [.. Enumerable.Range(0, 1_000).Select(_ => random.Next(Queries))];
            var result = MatchesOrBeatsRule.Compare(
                [.. drawn.Select(query => metrics[then][query])], [.. drawn.Select(query => metrics[now][query])], [.. drawn.Select(query => groups[query])], new());
            return result.Verdict == MatchesOrBeatsVerdict.Worse;
        });

        TestContext.Current.TestOutputHelper!.WriteLine($"worse {alarms} of {Trials.Count}; recall {string.Join(", ", metrics.Select(m => m.Average()))}");
        alarms.ShouldBeLessThanOrEqualTo(50);
    }

    /// <summary>Found of 10 relevant documents among the nearest 10; all documents of the query's intent are relevant.</summary>
    private static double[] CappedRecall(IReadOnlyList<ServedText> queries, IReadOnlyList<ServedText> documents, Random random)
    {
        float[][] noisy = [.. queries.Select(query => Noisy(query.Vector, random))];
        var recall = new double[noisy.Length];
        Parallel.For(0, noisy.Length, query =>
        {
            var nearest = documents.Select((document, i) => (Score: TensorPrimitives.Dot<float>(noisy[query], document.Vector), i)).OrderByDescending(d => d.Score).Take(10);
            recall[query] = nearest.Count(d => documents[d.i].Text.Intent == queries[query].Text.Intent) / 10.0;
        });
        return recall;
    }

    private static float[] Noisy(float[] vector, Random random)
    {
        var scale = Math.Sqrt(2 * NoiseDistance / vector.Length);
        return [.. vector.Select(component => component + (float)(scale * random.Normal()))];
    }
}
