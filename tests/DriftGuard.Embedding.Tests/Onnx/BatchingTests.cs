using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Tests.Onnx;

public sealed class BatchingTests
{
    private static readonly string[] Texts = [.. Enumerable.Repeat("apple", 20), .. Enumerable.Repeat("pear", 20)];

    [Fact]
    public async Task A_dynamically_quantised_graph_gives_vectors_that_do_not_depend_on_their_neighbours()
    {
        var (alone, together) = await EmbedAsync("single");

        together.ShouldBe(alone);
    }

    [Fact]
    public async Task Batches_that_the_spec_allows_are_really_batches_and_their_vectors_depend_on_their_neighbours()
    {
        var (alone, together) = await EmbedAsync("batched");

        together.ShouldNotBe(alone, "the coarse steps of the larger pear are seen in the apple");
    }

    private static async Task<(float[] Alone, float[] Together)> EmbedAsync(string batching)
    {
        float[][] rows = [.. TinyModel.Rows.Select(r => r.Select(x => float.IsNaN(x) ? 0 : x * 1.01f).ToArray())];
        using var tiny = new TinyModel().Write(
            new() { Rows = rows, DynamicallyQuantised = true }, $"dimensions: 4\nmax_tokens: 16\nbatching: {batching}");
        using var model = tiny.Open();
        return ((await model.EmbedAsync([Texts[0]], InputKind.Document))[0].Vector!, (await model.EmbedAsync(Texts, InputKind.Document))[0].Vector!);
    }
}
