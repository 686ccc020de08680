using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Tests.Onnx;

public sealed class OutputTypeTests
{
    private const int Float16 = 10;
    private const int Float64 = 11;
    private const int BFloat16 = 16;

    /// <summary>Numbers that all of the types hold exactly, and one that each rounds in its own way.</summary>
    private static readonly float[][] Rows = [.. Enumerable.Range(0, 12).Select(i => new[] { i == 6 ? .1f : 0, i, .5f * i, -2 })];

    [Theory]
    [InlineData(Float16, .0999756f)]
    [InlineData(BFloat16, .100097656f)]
    public async Task Half_floats_are_widened_as_they_are(int type, float tenth)
    {
        using var tiny = new TinyModel().Write(
            new() { Rows = Rows, OutputType = type }, "dimensions: 4\nmax_tokens: 16\npooling: cls\nnormalisation: none");
        using var model = tiny.Open();

        // The first token is [CLS], whose row is the third.
        (await model.EmbedAsync(["pear"], InputKind.Document))[0].Vector.ShouldBe([0, 2, 1, -2]);

        using var pooled = new TinyModel().Write(
            new() { Rows = [.. Rows.Select((r, i) => i is 2 or 3 ? new float[4] : r)], OutputType = type },
            "dimensions: 4\nmax_tokens: 16\nnormalisation: none");
        using var mean = pooled.Open();
        (await mean.EmbedAsync(["pear"], InputKind.Document))[0].Vector!.ShouldBe([tenth / 3, 2, 1, -2f / 3], tolerance: 1e-6);
    }

    [Fact]
    public async Task A_text_run_in_a_batch_of_half_floats_has_its_own_numbers()
    {
        using var tiny = new TinyModel().Write(new() { Rows = TinyModel.Rows, OutputType = Float16 });
        using var model = tiny.Open(new() { Sessions = 2, TokensPerRun = 64, InteractiveTexts = 0 });
        var texts = Enumerable.Range(0, 50).Select(i => i % 3 == 0 ? "apple" : i % 3 == 1 ? "pear pear apple" : "pear").ToArray();

        var together = await model.EmbedAsync(texts, InputKind.Document);

        for (var i = 0; i < texts.Length; i++)
            together[i].ShouldBeSameOutcomeAs((await model.EmbedAsync([texts[i]], InputKind.Document))[0]);
    }

    [Fact]
    public void Other_types_are_refused()
    {
        using var tiny = new TinyModel().Write(new() { Rows = TinyModel.Rows, OutputType = Float64 });

        Should.Throw<ModelException>(() => tiny.Open()).Message.ShouldContain("must be float32, float16 or bfloat16");
    }

    [Theory]
    [InlineData("sentence_embedding")]
    [InlineData("pooler_output")]
    public void A_graph_that_pools_says_how_to_name_its_output(string output)
    {
        using var tiny = new TinyModel().Write(new() { Rows = TinyModel.Rows, Pooled = true, Output = output });

        Should.Throw<ModelException>(() => tiny.Open()).Message.ShouldContain($"set pooling: output and output: {output}");
    }
}
