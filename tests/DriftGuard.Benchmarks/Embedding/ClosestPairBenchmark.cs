using System.Diagnostics;
using System.Numerics.Tensors;
using DriftGuard.Benchmarks.Reporting;
using DriftGuard.Core.Embedding;
using DriftGuard.Core.Retrieval;
using DriftGuard.Embedding;
using DriftGuard.Embedding.Benchmarking;

namespace DriftGuard.Benchmarks.Embedding;

/// <summary>The most similar pair among 10,000 different sentences, from text to answer; and its search against a dot product a pair, in turns.</summary>
internal static class ClosestPairBenchmark
{
    private const int Sentences = 10_000;

    public static async Task RunAsync(TextWriter output, bool quick)
    {
        var texts = Texts.Read(RepositoryFolders.Corpora()[0]).Distinct(StringComparer.Ordinal).Take(quick ? Sentences / 10 : Sentences).ToList();
        var table = new Table($"closest pair of {texts.Count:N0} sentences", "min", "median", "max");
        foreach (var folder in RepositoryFolders.Models())
        {
            using var model = EmbeddingModel.Open(folder);
            await model.TuneAsync();
            var (embeds, searches, plains) = (new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round < (quick ? 1 : 3); round++)
            {
                var watch = Stopwatch.StartNew();
                var vectors = (await model.EmbedAsync(texts, InputKind.Document)).Where(o => o.IsEmbedded).Select(o => o.Vector!).ToArray();
                embeds.Add(Lap(watch));
                var best = ClosestPairs.Find(vectors, 1)[0];
                searches.Add(Lap(watch));
                var plain = PlainBest(vectors);
                plains.Add(Lap(watch));
                if (Math.Abs(plain - best.Cosine) > 1e-5)
                {
                    throw new InvalidOperationException($"the search found a cosine of {best.Cosine}, a dot product a pair {plain}: the figures would mean nothing");
                }
            }

            table.Add($"{model.Spec.Name}: embed, s", MinMedianMax.Of(embeds), "F2");
            table.Add($"{model.Spec.Name}: search, s", MinMedianMax.Of(searches), "F3");
            table.Add($"{model.Spec.Name}: from text to answer, s", MinMedianMax.Of(embeds.Zip(searches, (e, s) => e + s)), "F2");
            table.Add($"{model.Spec.Name}: a dot product a pair / search", MinMedianMax.Of(plains.Zip(searches, (p, s) => p / s)), "F1");
        }

        table.Write(output);
    }

    private static double Lap(Stopwatch watch)
    {
        var seconds = watch.Elapsed.TotalSeconds;
        watch.Restart();
        return seconds;
    }

    /// <summary>The plain way on all cores; the vectors are of unit length.</summary>
    private static float PlainBest(float[][] vectors)
    {
        var bests = new float[vectors.Length];
        Parallel.For(0, vectors.Length, i =>
        {
            var best = float.NegativeInfinity;
            for (var j = i + 1; j < vectors.Length; j++)
            {
                best = Math.Max(best, TensorPrimitives.Dot<float>(vectors[i], vectors[j]));
            }

            bests[i] = best;
        });
        return bests.Max();
    }
}
