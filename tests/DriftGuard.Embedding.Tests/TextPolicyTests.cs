using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Tests;

public sealed class TextPolicyTests
{
    /// <summary>Room for two words beside [CLS], [SEP] and a prefix of two tokens.</summary>
    private const string Settings = "dimensions: 4\nmax_tokens: 6\nprefixes: { query: 'query : ' }\n";

    [Fact]
    public async Task An_over_long_text_is_refused_with_its_length_and_its_neighbours_are_not()
    {
        using var tiny = new TinyModel().Write(settings: Settings + "over_long: refuse");
        using var model = tiny.Open();

        var outcomes = await model.EmbedAsync(["apple", "apple pear apple pear pear", "pear"], InputKind.Query);

        outcomes[1].Failure.ShouldBe(EmbeddingFailures.OverLong(9, 6));
        outcomes[1].IsOverLong.ShouldBeTrue();
        outcomes[0].IsEmbedded.ShouldBeTrue();
        outcomes[2].IsEmbedded.ShouldBeTrue();
        (model.Statistics.OverLongTexts, model.Statistics.TruncatedTexts, model.Statistics.FailedTexts).ShouldBe((1, 0, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public async Task A_text_in_chunks_has_the_mean_of_their_vectors_weighted_by_tokens(int tokensPerRun)
    {
        using var tiny = new TinyModel().Write(settings: Settings + "over_long: chunk-mean");
        using var model = tiny.Open(new() { Sessions = 2, TokensPerRun = tokensPerRun, InteractiveTexts = 0 });
        string[] texts = ["apple pear apple pear pear", "apple pear", "apple", "pear", "pear", "apple"];

        var outcomes = await model.EmbedAsync(texts, InputKind.Query);

        // Chunks of 6, 6 and 5 tokens: apple pear, apple pear, pear.
        var whole = outcomes[1].Vector!;
        var last = outcomes[3].Vector!;
        var expected = whole.Zip(last, (w, l) => ((12 * w) + (5 * l)) / 17).ToArray();
        var length = MathF.Sqrt(expected.Sum(x => x * x));
        outcomes[0].Vector!.ShouldBe(expected.Select(x => x / length), tolerance: 1e-6);
        (outcomes[0].Chunks, outcomes[0].Tokens, outcomes[0].Truncated, outcomes[0].IsOverLong).ShouldBe((3, 17, false, true));
        (outcomes[1].Chunks, outcomes[1].IsOverLong).ShouldBe((1, false));
        (model.Statistics.ChunkedTexts, model.Statistics.OverLongTexts, model.Statistics.Texts).ShouldBe((1, 1, 6));
    }

    [Fact]
    public async Task A_chunk_without_a_vector_leaves_the_text_without_one_and_says_which()
    {
        using var tiny = new TinyModel().Write(settings: Settings + "over_long: chunk-mean");
        using var model = tiny.Open();

        var outcomes = await model.EmbedAsync(["apple pear poison pear apple", "apple"], InputKind.Query);

        outcomes[0].Failure.ShouldBe($"chunk 2 of 3: {EmbeddingFailures.NotFinite}");
        outcomes[1].IsEmbedded.ShouldBeTrue();
    }

    [Fact]
    public async Task Every_text_of_a_large_call_has_its_own_outcome_in_chunks_or_not()
    {
        using var tiny = new TinyModel().Write(settings: Settings + "over_long: chunk-mean");
        using var model = tiny.Open(new() { Sessions = 2, Window = 10, TokensPerRun = 12 });
        var texts = Enumerable.Range(0, 300).Select(i => string.Join(' ', Enumerable.Range(0, (i % 13) + 1).Select(j => (i + j) % 3 == 0 ? "apple" : "pear"))).ToArray();

        var outcomes = await model.EmbedAsync(texts, InputKind.Document);

        for (var i = 0; i < texts.Length; i++)
            outcomes[i].ShouldBeSameOutcomeAs((await model.EmbedAsync([texts[i]], InputKind.Document))[0]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t\n")]
    [InlineData("\u200b")]
    public async Task An_empty_text_is_refused_or_gets_the_vector_of_the_prefix_as_the_spec_says(string text)
    {
        using var refusing = new TinyModel().Write(settings: Settings);
        using var embedding = new TinyModel().Write(settings: Settings + "empty_text: embed");
        using var refuses = refusing.Open();
        using var embeds = embedding.Open();

        (await refuses.EmbedAsync([text], InputKind.Query))[0].IsEmbedded.ShouldBeFalse();
        (await embeds.EmbedAsync([text], InputKind.Query))[0].Vector.ShouldBe([0, 1, 0, 0]);
        embeds.Fingerprint.ShouldNotBe(refuses.Fingerprint);
    }

    [Fact]
    public async Task Empty_texts_and_padding_are_counted()
    {
        using var tiny = new TinyModel().Write();
        using var model = tiny.Open(new() { Sessions = 1, TokensPerRun = 100, InteractiveTexts = 0 });

        await model.EmbedAsync(["apple pear apple", "", " ", "apple"], InputKind.Document);

        (model.Statistics.EmptyTexts, model.Statistics.FailedTexts, model.Statistics.Texts).ShouldBe((2, 2, 2));
        (model.Statistics.Tokens, model.Statistics.PaddingTokens).ShouldBe((8, 2));
        model.Statistics.PaddingShare.ShouldBe(.2, tolerance: 1e-12);
    }
}
