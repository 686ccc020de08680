using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Tests.Goldens;
using DriftGuard.Embedding.Tests.Onnx;

namespace DriftGuard.Embedding.Tests;

/// <summary>Model folders with a tokenizer of each kind.</summary>
public sealed class TokenizerKindTests
{
    private const string Text = "In New York, a dog ate the [MASK] at Café do 日本.";

    private static readonly string[] Texts = [Text, "a <mask> b", "Съешь же ещё", "x"];

    [Theory]
    [InlineData("wordpiece", "{ kind: wordpiece }", 30522)]
    [InlineData("unigram", "{ kind: unigram }", 4002)]
    [InlineData("byte-pairs", "{ kind: bpe }", 4261)]
    public async Task A_folder_with_a_tokenizer_file_opens_and_embeds(string name, string line, int tokens)
    {
        using var tiny = new TinyModel().Write(Graph(tokens), tokenizer: TokenizerVariants.File(name), tokenizerLine: line, settings: "dimensions: 2\nmax_tokens: 64");
        using var model = tiny.Open();

        var outcomes = await model.EmbedAsync(Texts, InputKind.Document);

        foreach (var (text, outcome) in Texts.Zip(outcomes))
        {
            var ids = Golden.Tokenizer(name).FirstOrDefault(g => g.Text == text)?.Ids;
            outcome.IsEmbedded.ShouldBeTrue(text);
            if (ids is null)
                continue;
            outcome.Tokens.ShouldBe(ids.Length, text);
            ShouldBeMeanOf(outcome.Vector!, ids);
        }
    }

    [Theory]
    [InlineData("cl100k_base", 100256)]
    [InlineData("o200k_base", 199998)]
    public async Task A_folder_with_an_encoding_of_tiktoken_opens_and_embeds(string encoding, int tokens)
    {
        using var tiny = new TinyModel().Write(Graph(tokens), settings: "dimensions: 2\nmax_tokens: 64", tokenizerLine: $"{{ kind: tiktoken, encoding: {encoding} }}");
        File.WriteAllLines(tiny.SpecFile, File.ReadAllLines(tiny.SpecFile).Where(l => !l.Contains("vocab.txt", StringComparison.Ordinal)));
        using var model = tiny.Open();

        var outcome = (await model.EmbedAsync(["<|endoftext|>"], InputKind.Document))[0];

        var ids = Golden.Tokenizer(encoding).Single(g => g.Text == "<|endoftext|>").Ids;
        outcome.Tokens.ShouldBe(ids.Length);
        ShouldBeMeanOf(outcome.Vector!, ids);
    }

    [Fact]
    public void A_vocabulary_that_is_larger_than_the_graphs_table_is_refused()
    {
        using var tiny = new TinyModel().Write(
            Graph(4001), tokenizer: TokenizerVariants.File("unigram"), tokenizerLine: "{ kind: unigram }", settings: "dimensions: 2\nmax_tokens: 64");

        Should.Throw<ModelException>(() => tiny.Open()).Problems.ShouldHaveSingleItem().Message.ShouldContain("of the vocabulary's last id (4001)");
    }

    [Fact]
    public void A_file_of_another_kind_than_the_spec_says_is_refused()
    {
        using var tiny = new TinyModel().Write(Graph(4002), tokenizer: TokenizerVariants.File("unigram"), tokenizerLine: "{ kind: bpe }");

        var problem = Should.Throw<ModelException>(() => tiny.Open()).Problems.ShouldHaveSingleItem();

        problem.File.ShouldBe(tiny.TokenizerFile);
        problem.Message.ShouldBe("model.type is Unigram, a tokenizer of kind unigram: the spec says tokenizer.kind bpe. "
            + "State the kind that the file is, or fetch the file of this model.");
    }

    [Fact]
    public void An_empty_tokenizer_file_is_refused()
    {
        using var tiny = new TinyModel().Write(tokenizer: []);

        Should.Throw<ModelException>(() => tiny.Open()).Problems.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            p => p.File.ShouldBe(tiny.TokenizerFile), p => p.Message.ShouldStartWith("is not JSON"));
    }

    [Fact]
    public void A_limit_without_room_for_a_text_is_refused()
    {
        using var tiny = new TinyModel().Write(
            Graph(4002), tokenizer: TokenizerVariants.File("unigram"), tokenizerLine: "{ kind: unigram }", settings: "dimensions: 2\nmax_tokens: 2");

        Should.Throw<ModelException>(() => tiny.Open()).Problems.ShouldHaveSingleItem().Message
            .ShouldBe("max_tokens is 2: expected 3 or more, 2 are taken by the tokens that the tokenizer puts around each text.");
    }

    /// <summary>A graph whose vectors tell the ids: the first number of each is its id.</summary>
    private static TinyGraph Graph(int tokens) => new() { Rows = [.. Enumerable.Range(0, tokens).Select(id => new float[] { id, 1 })] };

    private static void ShouldBeMeanOf(float[] vector, int[] ids) => (vector[0] / vector[1]).ShouldBe((float)ids.Average(), .01f);
}
