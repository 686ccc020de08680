using System.Numerics.Tensors;
using DriftGuard.Core.Drift.Sampling;

namespace DriftGuard.Worker.Tests.Drift.Simulations;

/// <summary>False alarms of the index detector: stored in some batches, embedded again in others.</summary>
[Collection(SimulationsAlone.Name)]
public class IndexDetectorSimulations
{
    private const int Sample = 300;
    private const double Floor = 4e-3;

    [Fact]
    public async Task Vectors_of_other_batches_rarely_mismatch_and_never_beyond_what_is_negligible()
    {
        var batched = await RealEmbeddings.BatchedAsync();
        var texts = RealEmbeddings.BatchedTexts;
        var (suspected, mismatches) = (0, 0);

        var alarms = Trials.In(Trials.Count, (_, random) =>
        {
            var first = Look(random);
            Interlocked.Add(ref mismatches, (int)first.Mismatches);
            if (!first.IsSuspicious)
                return false;
            Interlocked.Increment(ref suspected);
            return first.Plus(Look(random)).IsBeyondNegligible;
        });

        TestContext.Current.TestOutputHelper!.WriteLine($"mismatches {mismatches} of {Sample * Trials.Count}, suspected {suspected}, confirmed {alarms} of {Trials.Count}");
        suspected.ShouldBeLessThanOrEqualTo(50);
        alarms.ShouldBeLessThanOrEqualTo(10);

        MismatchShare Look(Random random)
        {
            var documents = Enumerable.Range(RealEmbeddings.Probes, texts.Count - RealEmbeddings.Probes).ToArray();
            random.Shuffle(documents);
            var sample = documents[..Sample];
            float[] Vector(int document) => batched[random.Next(batched.Count)][document];
            var again = sample.Select(document => (Document: document, First: Vector(document), Second: Vector(document), Stored: Vector(document))).ToList();
            var noise = SelfNoise.Learn([.. again.Select(point => (texts[point.Document].Length, Distance(point.First, point.Second)))], Floor);
            var found = again.Count(point => Distance(point.Stored, point.First) > noise.ThresholdOf(texts[point.Document].Length));
            return MismatchShare.Of(found, Sample, 1_000_000);
        }
    }

    private static double Distance(float[] first, float[] second) =>
        Math.Max(0, 1 - (double)TensorPrimitives.CosineSimilarity<float>(first, second));
}
