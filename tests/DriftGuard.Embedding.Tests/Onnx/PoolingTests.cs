using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Tests.Onnx;

public sealed class PoolingTests
{
    private static readonly string[] Texts = ["apple pear", "pear", "apple apple pear"];

    [Fact]
    public async Task Mean_is_over_the_tokens_of_the_text_and_not_over_padding()
    {
        var vectors = await EmbedAsync(new() { Rows = TinyModel.Rows }, "dimensions: 4\nmax_tokens: 16\nnormalisation: none");

        vectors[0].ShouldBe([3f / 4, 7f / 4, 4f / 4, 12f / 4], tolerance: 1e-6);
        vectors[1].ShouldBe([0, 3f / 3, 4f / 3, 12f / 3], tolerance: 1e-6);
        vectors[2].ShouldBe([6f / 5, 11f / 5, 4f / 5, 12f / 5], tolerance: 1e-6);
    }

    [Fact]
    public async Task Cls_is_the_first_token()
    {
        float[][] rows = [.. TinyModel.Rows];
        rows[2] = [0, 0, 5, 0];
        var vectors = await EmbedAsync(new() { Rows = rows }, "dimensions: 4\nmax_tokens: 16\npooling: cls\nnormalisation: none");

        vectors.ShouldAllBe(v => v.SequenceEqual(rows[2]));
    }

    [Fact]
    public async Task A_pooled_output_is_taken_by_its_name()
    {
        // This graph's own mean counts padding too, as a sign that nobody else pooled: run alone, there is none.
        using var tiny = new TinyModel().Write(
            new() { Rows = TinyModel.Rows, Pooled = true, Output = "sentence_embedding" },
            "dimensions: 4\nmax_tokens: 16\npooling: output\noutput: sentence_embedding\nnormalisation: none");
        using var model = tiny.Open();

        (await model.EmbedAsync(["apple pear"], InputKind.Document))[0].Vector!.ShouldBe([3f / 4, 7f / 4, 4f / 4, 12f / 4], tolerance: 1e-6);
    }

    [Theory]
    [InlineData("input_ids")]
    [InlineData("input_ids", "attention_mask")]
    [InlineData("attention_mask", "input_ids", "token_type_ids")]
    public async Task A_graph_gets_the_inputs_it_has(params string[] inputs)
    {
        var vectors = await EmbedAsync(new() { Rows = TinyModel.Rows, Inputs = inputs }, "dimensions: 4\nmax_tokens: 16");

        vectors[1].ShouldBe([0, 3f / 13, 4f / 13, 12f / 13], tolerance: 1e-6);
    }

    [Fact]
    public async Task A_truncated_vector_is_normalised_after_the_cut()
    {
        var vectors = await EmbedAsync(new() { Rows = TinyModel.Rows }, "dimensions: 3\nnative_dimensions: 4\nmax_tokens: 16");

        vectors[1].ShouldBe([0, .6f, .8f], tolerance: 1e-6);
    }

    [Fact]
    public async Task A_vector_that_is_zero_after_the_cut_is_none()
    {
        using var tiny = new TinyModel().Write(settings: "dimensions: 1\nnative_dimensions: 4\nmax_tokens: 16");
        using var model = tiny.Open();

        (await model.EmbedAsync(["pear"], InputKind.Document))[0].Failure.ShouldBe(EmbeddingFailures.ZeroVector);
    }

    private static async Task<float[][]> EmbedAsync(TinyGraph graph, string settings)
    {
        using var tiny = new TinyModel().Write(graph, settings);
        using var model = tiny.Open();
        return [.. (await model.EmbedAsync(Texts, InputKind.Document)).Select(o => o.Vector.ShouldNotBeNull())];
    }
}
