using System.Numerics.Tensors;
using DriftGuard.Core.Drift.Probes;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Onnx;
using DriftGuard.Embedding.Tests.Variants;
using DriftGuard.Testing.Models;

namespace DriftGuard.Embedding.Tests.Twins;

public sealed class FloatTwinTests(ITestOutputHelper output)
{
    private static readonly EmbeddingModelOptions OneSession = new() { Sessions = 1 };
    private static readonly string[] All = [.. ProbeSet.Current.Probes.Select(p => p.Text)];
    private static readonly string[] NotLong = [.. ProbeSet.Current.Probes.Where(p => p.Category != ProbeCategories.OverLong).Select(p => p.Text)];

    [Fact]
    public async Task The_twin_of_MiniLM_is_as_far_from_it_as_float32_is_from_int8_and_independent_of_batches()
    {
        using var copies = new ModelCopies();
        await HoldAsync(copies.Of(ShippedModels.MiniLm), copies.Of(ShippedModels.MiniLm), All, leastMedian: .001);
    }

    [Fact]
    public async Task The_twin_of_e5_is_as_far_from_it_as_float32_is_from_int8_and_independent_of_batches()
    {
        var files = Environment.GetEnvironmentVariable("DRIFTGUARD_E5_MODEL_DIR");
        Assert.SkipWhen(string.IsNullOrEmpty(files), "set DRIFTGUARD_E5_MODEL_DIR to a folder with model.onnx and vocab.txt of e5-small-v2 (int8)");
        using var copies = new ModelCopies();
        await HoldAsync(ModelCopy.OfE5(files, copies.Next()), ModelCopy.OfE5(files, copies.Next()), NotLong, leastMedian: .0005);
    }

    [Fact]
    public void A_graph_that_is_not_quantised_has_no_twin()
    {
        using var copies = new ModelCopies();
        var copy = copies.Of(ShippedModels.Static);

        Should.Throw<InvalidDataException>(() => copy.WithGraph(FloatTwin.Write)).Message.ShouldContain("not quantised dynamically");
    }

    private async Task HoldAsync(ModelCopy original, ModelCopy copy, string[] texts, double leastMedian)
    {
        using var int8 = EmbeddingModel.Open(original.Directory, OneSession);
        using var twin = EmbeddingModel.Open(copy.WithGraph(FloatTwin.Write).Directory, OneSession);
        OnnxFile.Read(await File.ReadAllBytesAsync(Path.Combine(copy.Directory, "model.onnx"))).Operators.ShouldNotContain("MatMulInteger");
        int8.IsDynamicallyQuantised.ShouldBeTrue();
        twin.IsDynamicallyQuantised.ShouldBeFalse();

        var from = await int8.EmbedAsync(texts, InputKind.Document);
        var together = await twin.EmbedAsync(texts, InputKind.Document);
        var distances = from.Zip(together, (a, b) => 1.0 - TensorPrimitives.CosineSimilarity<float>(a.Vector!, b.Vector!)).Order().ToList();
        output.WriteLine($"{int8.Spec.Name}: median {distances[texts.Length / 2]:g4}, least {distances[0]:g4}, most {distances[^1]:g4}, beyond .01: {distances.Count(d => d > .01)}");
        distances[texts.Length / 2].ShouldBeInRange(leastMedian, .03);
        distances[^1].ShouldBeLessThan(.1);

        for (var i = 0; i < texts.Length; i += 7)
        {
            var alone = (await twin.EmbedAsync([texts[i]], InputKind.Document))[0];
            TensorPrimitives.CosineSimilarity<float>(alone.Vector!, together[i].Vector!).ShouldBeGreaterThan(1 - 1e-6f);
        }
    }
}
