using System.Numerics.Tensors;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Tests.Goldens;

namespace DriftGuard.Embedding.Tests;

public sealed class ShippedModelTests
{
    private static readonly string[] Four =
        ["The cat sat on the mat", "A kitten was resting on the rug", "Python is a programming language", "I love machine learning"];

    [Theory]
    [InlineData(ShippedModels.MiniLm, .98, 2)]
    [InlineData(ShippedModels.Static, .9999999, 1e-4)]
    public async Task Gives_the_vectors_of_the_reference_runtime(string name, double leastCosine, double tolerance)
    {
        using var model = ShippedModels.Open(name);
        var goldens = Golden.Embeddings(name);

        var outcomes = await model.EmbedAsync([.. goldens.Select(g => g.Text)], InputKind.Document);

        foreach (var (golden, outcome) in goldens.Zip(outcomes))
        {
            outcome.IsEmbedded.ShouldBe(golden.HasVector, golden.Text);
            if (!golden.HasVector)
                continue;
            outcome.Tokens.ShouldBe(golden.Ids.Length, golden.Text);
            TensorPrimitives.CosineSimilarity<float>(outcome.Vector, golden.Embedding).ShouldBeGreaterThanOrEqualTo((float)leastCosine, golden.Text);
            outcome.Vector!.ShouldBe(golden.Embedding, tolerance, golden.Text);
        }
    }

    [Theory]
    [InlineData(ShippedModels.MiniLm, .613, .037, .250, .03)]
    [InlineData(ShippedModels.Static, .554, .246, .397, .001)]
    public async Task Has_the_measured_similarities(string name, double catKitten, double catPython, double pythonLearning, double tolerance)
    {
        using var model = ShippedModels.Open(name);

        var vectors = (await model.EmbedAsync(Four, InputKind.Document)).Select(o => o.Vector!).ToArray();

        double Similarity(int a, int b) => TensorPrimitives.Dot<float>(vectors[a], vectors[b]);
        Similarity(0, 1).ShouldBe(catKitten, tolerance);
        Similarity(0, 2).ShouldBe(catPython, tolerance);
        Similarity(2, 3).ShouldBe(pythonLearning, tolerance);
    }

    [Theory]
    [InlineData(ShippedModels.MiniLm)]
    [InlineData(ShippedModels.Static)]
    public async Task A_vector_is_bit_by_bit_the_same_alone_and_among_others_on_any_number_of_sessions(string name)
    {
        var texts = Golden.Embeddings(name).Select(g => g.Text).ToArray();
        using var one = ShippedModels.Open(name);
        using var three = ShippedModels.Open(name, new() { Sessions = 3, Window = 16 });

        var together = await three.EmbedAsync([.. texts, .. texts.Reverse()], InputKind.Document);
        for (var i = 0; i < texts.Length; i++)
        {
            var alone = (await one.EmbedAsync([texts[i]], InputKind.Document))[0];
            together[i].ShouldBeSameOutcomeAs(alone);
            together[^(i + 1)].ShouldBeSameOutcomeAs(alone);
        }
    }

    [Fact]
    public async Task E5_gives_the_vectors_of_the_reference_runtime_with_its_prefixes()
    {
        var files = Environment.GetEnvironmentVariable("DRIFTGUARD_E5_MODEL_DIR");
        Assert.SkipWhen(string.IsNullOrEmpty(files), "set DRIFTGUARD_E5_MODEL_DIR to a folder with model.onnx and vocab.txt of e5-small-v2 (int8)");
        using var folder = new TinyModel();
        folder.Write(
            graphBytes: File.ReadAllBytes(Path.Combine(files, "model.onnx")),
            vocabulary: File.ReadAllText(Path.Combine(files, "vocab.txt")),
            settings: "dimensions: 384\nmax_tokens: 256\nprefixes: { query: 'query: ', document: 'passage: ' }");
        using var model = folder.Open();

        foreach (var golden in Golden.Embeddings("e5-small-v2-int8"))
        {
            var kind = golden.Prefix == model.Spec.QueryPrefix ? InputKind.Query : InputKind.Document;
            var outcome = (await model.EmbedAsync([golden.Text], kind))[0];
            outcome.Tokens.ShouldBe(golden.Ids.Length, golden.Text);
            TensorPrimitives.CosineSimilarity<float>(outcome.Vector, golden.Embedding).ShouldBeGreaterThanOrEqualTo(.98f, golden.Text);
        }
    }
}
