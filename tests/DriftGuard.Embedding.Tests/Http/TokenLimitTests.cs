using System.Text;
using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Tests.Http;

/// <summary>With the model's tokenizer the spec's token limit is held here; without one it is the server's.</summary>
public sealed class TokenLimitTests
{
    [Theory]
    [InlineData("apple pear", "apple pear", 4, false)]
    [InlineData("apple pear apple", "apple pear apple", 5, false)]
    [InlineData("apple pear apple pear", "apple pear apple ", 5, true)]
    [InlineData("apple \U0001F600 pear", "apple \U0001F600 pear", 5, false)]
    [InlineData("apple pear \U0001F600 pear", "apple pear \U0001F600 ", 5, true)]
    public async Task A_text_is_cut_where_its_tokens_fit(string text, string sent, int tokens, bool truncated)
    {
        await using var server = await MisbehavingServer.StartAsync();
        using var folder = WithTokenizer(server, "max_tokens: 5");
        using var model = folder.Open();

        var outcome = (await model.EmbedAsync([text], InputKind.Document))[0];

        server.AskedForVectors.ShouldHaveSingleItem().Texts.ShouldBe([sent]);
        (outcome.Tokens, outcome.Truncated).ShouldBe((tokens, truncated));
        outcome.Vector!.ShouldBe(Answers.Normalised(sent), 1e-6);
    }

    [Fact]
    public async Task A_very_long_text_keeps_all_that_fits()
    {
        await using var server = await MisbehavingServer.StartAsync();
        using var folder = WithTokenizer(server, "max_tokens: 300\nprefixes: { document: 'query: ' }");
        using var model = folder.Open();
        var text = string.Concat(Enumerable.Repeat("apple                    ", 20_000));

        var outcome = (await model.EmbedAsync([text], InputKind.Document))[0];

        outcome.Tokens.ShouldBe(300);
        server.AskedForVectors[0].Texts[0].Split("apple").Length.ShouldBe(297, "two special tokens, two of the prefix, 296 of the text");
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_refused_without_being_sent()
    {
        await using var server = await MisbehavingServer.StartAsync();
        using var folder = WithTokenizer(server, "max_tokens: 5\nover_long: refuse");
        using var model = folder.Open();

        var outcomes = await model.EmbedAsync(["apple pear apple pear", "\u200b", "pear"], InputKind.Document);

        outcomes[0].Failure.ShouldBe(EmbeddingFailures.OverLong(6, 5));
        outcomes[1].Failure.ShouldBe(EmbeddingFailures.NoTokens);
        outcomes[2].IsEmbedded.ShouldBeTrue();
        server.AskedForVectors.ShouldHaveSingleItem().Texts.ShouldBe(["pear"]);
    }

    [Fact]
    public async Task A_text_in_chunks_has_the_mean_of_their_vectors()
    {
        await using var server = await MisbehavingServer.StartAsync();
        using var folder = WithTokenizer(server, "max_tokens: 5\nover_long: chunk-mean");
        using var model = folder.Open();

        var outcomes = await model.EmbedAsync(["pear", "apple pear apple pear    ", "apple"], InputKind.Document);

        server.AskedForVectors.SelectMany(a => a.Texts).ShouldBe(["pear", "apple pear apple ", "pear    ", "apple"]);
        (outcomes[1].Chunks, outcomes[1].Tokens).ShouldBe((2, 8));
        var mean = Answers.Normalised("apple pear apple ").Zip(Answers.Normalised("pear    "), (a, b) => ((a * 5) + (b * 3)) / 8).ToArray();
        var length = MathF.Sqrt(mean.Sum(x => x * x));
        outcomes[1].Vector!.ShouldBe(mean.Select(x => x / length), 1e-6);
        outcomes[2].Vector!.ShouldBe(Answers.Normalised("apple"), 1e-6);
    }

    [Fact]
    public async Task Without_a_tokenizer_the_text_goes_whole_and_tokens_are_estimated()
    {
        await using var server = await MisbehavingServer.StartAsync();
        using var folder = new HttpModelFolder().Write(server.Url, settings: "dimensions: 8\nmax_tokens: 2", endpoint: "max_tokens_per_request: 10\nconcurrency: 1");
        using var model = folder.Open();
        string[] texts = ["twelve bytes", "\u732b\u732b\u732b", new string('x', 3000), "seven b", "seven c"];

        var outcomes = await model.EmbedAsync(texts, InputKind.Document);

        outcomes.Select(o => o.Tokens).ShouldBe([4, 3, 1000, 3, 3]);
        server.AskedForVectors.Select(a => a.Texts.Count).ShouldBe([2, 1, 2]);
        outcomes.ShouldAllBe(o => !o.Truncated);
    }

    [Fact]
    public void A_prefix_that_leaves_no_room_is_refused()
    {
        using var folder = new HttpModelFolder().Write("http://localhost:1", settings: Tokenizer("max_tokens: 4\nprefixes: { query: 'apple apple ' }"));
        WriteVocabulary(folder);

        Should.Throw<ModelException>(() => folder.Open()).Message.ShouldContain("query prefix has 2 tokens");
    }

    [Fact]
    public void The_tokenizer_s_file_is_held_to_its_digest()
    {
        using var folder = new HttpModelFolder().Write("http://localhost:1", settings: Tokenizer("max_tokens: 5"));
        File.WriteAllText(Path.Combine(folder.Directory, "vocab.txt"), "another");

        Should.Throw<ModelException>(() => folder.Open()).Problems[0].Message.ShouldStartWith("SHA-256 is ");
    }

    private static HttpModelFolder WithTokenizer(MisbehavingServer server, string settings)
    {
        var folder = new HttpModelFolder().Write(server.Url, settings: Tokenizer(settings));
        WriteVocabulary(folder);
        return folder;
    }

    private static string Tokenizer(string settings) => $$"""
        dimensions: 8
        files: { vocabulary: { path: vocab.txt, sha256: {{TinyModel.Digest(Encoding.UTF8.GetBytes(TinyModel.Vocabulary))}} } }
        tokenizer: { kind: wordpiece }
        {{settings}}
        """;

    private static void WriteVocabulary(HttpModelFolder folder) => File.WriteAllText(Path.Combine(folder.Directory, "vocab.txt"), TinyModel.Vocabulary);
}
