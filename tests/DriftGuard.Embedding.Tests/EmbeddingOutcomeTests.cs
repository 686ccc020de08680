using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Tests;

public sealed class EmbeddingOutcomeTests
{
    public static TheoryData<string, string> TextsWithoutVector() => new()
    {
        { "", EmbeddingFailures.EmptyText },
        { " \t\u00a0\u3000\n", EmbeddingFailures.EmptyText },
        { "\u200b\u0001\ufffd", EmbeddingFailures.NoTokens },
        { "apple \ud800 pear", EmbeddingFailures.LoneSurrogate },
        { "apple\udc00", EmbeddingFailures.LoneSurrogate },
        { "apple poison", EmbeddingFailures.NotFinite },
        { "nothing nothing", EmbeddingFailures.ZeroVector },
    };

    [Theory]
    [MemberData(nameof(TextsWithoutVector))]
    public async Task A_text_without_a_vector_says_why_and_its_neighbours_have_theirs(string text, string reason)
    {
        using var tiny = new TinyModel().Write();
        using var model = tiny.Open();

        var outcomes = await model.EmbedAsync(["apple", text, "pear"], InputKind.Document);

        outcomes[0].Vector!.ShouldBe([.6f, .8f, 0, 0], tolerance: 1e-6);
        outcomes[1].Vector.ShouldBeNull();
        outcomes[1].Failure.ShouldBe(reason);
        outcomes[2].Vector!.ShouldBe([0, 3f / 13, 4f / 13, 12f / 13], tolerance: 1e-6);
        outcomes.Select(o => o.IsEmbedded).ShouldBe([true, false, true]);
        model.Statistics.Texts.ShouldBe(2);
        model.Statistics.FailedTexts.ShouldBe(1);
    }

    [Fact]
    public async Task A_text_that_the_runtime_refuses_does_not_take_its_batch_with_it()
    {
        using var tiny = new TinyModel().Write(new() { Rows = TinyModel.Rows, FailsOn = 9 });
        using var model = tiny.Open();
        string[] texts = [.. Enumerable.Repeat("apple", 20), "pear broken", .. Enumerable.Repeat("pear", 20)];

        var outcomes = await model.EmbedAsync(texts, InputKind.Document);

        outcomes.Where(o => !o.IsEmbedded).ShouldHaveSingleItem().ShouldBe(outcomes[20]);
        outcomes[20].Failure.ShouldNotBeNull().ShouldStartWith("the model failed on this text: ");
    }

    [Fact]
    public async Task Truncation_is_reported_and_counted()
    {
        using var tiny = new TinyModel().Write(settings: "dimensions: 4\nmax_tokens: 5");
        using var model = tiny.Open();

        var outcomes = await model.EmbedAsync(["apple apple apple", "apple apple apple ", "apple apple apple pear"], InputKind.Document);

        outcomes.Select(o => o.Tokens).ShouldBe([5, 5, 5]);
        outcomes.Select(o => o.Truncated).ShouldBe([false, false, true]);
        outcomes[2].Vector.ShouldBe(outcomes[0].Vector, "the pear is beyond the limit");
        model.Statistics.TruncatedTexts.ShouldBe(1);
        model.Statistics.Tokens.ShouldBe(15);
    }

    [Fact]
    public async Task Each_kind_of_text_gets_its_prefix()
    {
        using var tiny = new TinyModel().Write(settings: """
            dimensions: 4
            max_tokens: 16
            normalisation: none
            prefixes: { query: "query: ", document: "pear" }
            """);
        using var model = tiny.Open();

        var query = (await model.EmbedAsync(["apple"], InputKind.Query))[0];
        var document = (await model.EmbedAsync(["apple"], InputKind.Document))[0];
        var apart = (await model.EmbedAsync([" apple"], InputKind.Document))[0];

        query.Tokens.ShouldBe(5);
        query.Vector!.ShouldBe([3f / 5, 5f / 5, 0, 0], tolerance: 1e-6);
        document.Vector!.ShouldBe([0, 0, 0, 1f / 3], tolerance: 1e-6, "without a blank prefix and text are one unknown word");
        apart.Vector!.ShouldBe([3f / 4, 7f / 4, 4f / 4, 12f / 4], tolerance: 1e-6);
    }

    [Fact]
    public async Task A_prefix_does_not_make_a_text_of_nothing_one_of_something()
    {
        using var tiny = new TinyModel().Write(settings: "dimensions: 4\nmax_tokens: 16\nprefixes: { query: 'query: ' }");
        using var model = tiny.Open();

        (await model.EmbedAsync(["\u200b"], InputKind.Query))[0].Failure.ShouldBe(EmbeddingFailures.NoTokens);
    }
}
