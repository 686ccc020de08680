using System.Text;
using System.Text.Json.Nodes;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Tests.Goldens;
using DriftGuard.Embedding.Tokenization;
using DriftGuard.Embedding.Tokenization.Bert;
using DriftGuard.Embedding.Tokenization.BytePairs;
using DriftGuard.Embedding.Tokenization.HuggingFace;

namespace DriftGuard.Embedding.Tests.Tokenization;

/// <summary>Every id of every golden text is that of the reference, see the README of the goldens.</summary>
public sealed class ReferenceIdsTests
{
    private const int EveryText = 483;

    public static TheoryData<string> Variants() => [.. TokenizerVariants.Names];

    public static TheoryData<string> Encodings() => [.. TiktokenEncodings.Names];

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_tokenizer_file_gives_the_ids_of_the_reference(string name)
    {
        var tokenizer = TokenizerFile.Create(TokenizerVariants.File(name), SpecOf(name));

        Differences(tokenizer, name).ShouldBeEmpty();
        Differences(tokenizer, name).ShouldBeEmpty("from the cache of words");
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void An_encoding_of_tiktoken_gives_the_ids_of_the_reference(string name)
    {
        var tokenizer = TiktokenEncodings.Get(name);

        Golden.Tokenizer(name).Count.ShouldBe(EveryText);
        Differences(tokenizer, name).ShouldBeEmpty();
        Differences(tokenizer, name).ShouldBeEmpty("from the cache of words");
    }

    [Theory]
    [InlineData("wordpiece")]
    [InlineData("unigram")]
    [InlineData("byte-pairs")]
    public void Goldens_cover_all_texts_for_each_kind(string name) => Golden.Tokenizer(name).Count.ShouldBe(EveryText);

    [Fact]
    public void Merges_may_be_pairs_as_well_as_texts()
    {
        var json = TokenizerVariants.Json("byte-pairs");
        var pairs = json["model"]!["merges"]!.AsArray().Select(m => (JsonNode)new JsonArray([.. ((string)m!).Split(' ').Select(t => (JsonNode)t)]));
        json["model"]!["merges"] = new JsonArray([.. pairs]);

        Differences(TokenizerFile.Create(Encoding.UTF8.GetBytes(json.ToJsonString()), SpecOf("byte-pairs")), "byte-pairs").ShouldBeEmpty();
    }

    [Fact]
    public void BERT_has_the_same_ids_by_its_tokenizer_file_and_by_its_vocabulary()
    {
        var vocabulary = File.ReadAllBytes(Path.Combine(ShippedModels.DirectoryOf(ShippedModels.MiniLm), "vocab.txt"));

        ShouldBeSame(TokenizerFile.Create(TokenizerVariants.File("wordpiece"), SpecOf("wordpiece")), BertTextTokenizer.Create(vocabulary, new()));
    }

    [Fact]
    public void E5_has_the_same_ids_by_its_tokenizer_file_and_by_its_vocabulary()
    {
        var files = Environment.GetEnvironmentVariable("DRIFTGUARD_E5_MODEL_DIR");
        Assert.SkipWhen(string.IsNullOrEmpty(files), "set DRIFTGUARD_E5_MODEL_DIR to a folder with tokenizer.json and vocab.txt of e5-small-v2");

        ShouldBeSame(
            TokenizerFile.Create(File.ReadAllBytes(Path.Combine(files, "tokenizer.json")), SpecOf("wordpiece")),
            BertTextTokenizer.Create(File.ReadAllBytes(Path.Combine(files, "vocab.txt")), new()));
    }

    private static void ShouldBeSame(TextTokenizer one, TextTokenizer other)
    {
        foreach (var text in Golden.Tokenizer("wordpiece").Concat(Golden.WordPiece()).Select(g => g.Text))
            one.Encode(text).ShouldBe(other.Encode(text), text);
        one.PaddingId.ShouldBe(other.PaddingId);
        one.VocabularySize.ShouldBe(other.VocabularySize);
    }

    /// <summary>What the kinds of files are, by the beginnings of their names.</summary>
    internal static TokenizerSpec SpecOf(string name) => new()
    {
        Kind = name.StartsWith("wordpiece", StringComparison.Ordinal) ? TokenizerSpec.WordPiece
            : name.StartsWith("unigram", StringComparison.Ordinal) ? TokenizerSpec.Unigram : TokenizerSpec.BytePairs,
        LowerCase = null,
        StripAccents = null,
    };

    private static string[] Differences(ITextTokenizer tokenizer, string name) =>
    [
        .. Golden.Tokenizer(name).Select(golden => (golden, Found: tokenizer.Encode(golden.Text))).Where(c => !c.Found.SequenceEqual(c.golden.Ids))
            .Select(c => $"'{c.golden.Text}': {string.Join(' ', c.Found)}, reference {string.Join(' ', c.golden.Ids)}"),
    ];
}
