using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Tests.Goldens;
using DriftGuard.Embedding.Tokenization;
using DriftGuard.Embedding.Tokenization.Bert;

namespace DriftGuard.Embedding.Tests.Tokenization.Bert;

public sealed class BertTextTokenizerTests
{
    private static readonly byte[] ShippedVocabulary =
        File.ReadAllBytes(Path.Combine(ShippedModels.DirectoryOf(ShippedModels.MiniLm), "vocab.txt"));

    private static readonly TextTokenizer Shipped = BertTextTokenizer.Create(ShippedVocabulary, new());

    public static TheoryData<int, string> Cases() =>
        [.. Golden.WordPiece().Select((c, i) => new TheoryDataRow<int, string>(i, c.Text.Length > 40 ? c.Text[..40] : c.Text))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gives_the_ids_of_the_reference_tokenizer(int index, string start)
    {
        var golden = Golden.WordPiece()[index];
        golden.Text.ShouldStartWith(start);

        EncodeWith(Shipped, golden.Text, maxTokens: 512).ShouldBe(golden.Ids);
        EncodeWith(Shipped, golden.Text, maxTokens: 512).ShouldBe(golden.Ids, "from the cache of words");
    }

    [Theory]
    [InlineData(51, "1 token for code points up to 100, though they are 102 UTF-16 units")]
    [InlineData(101, "unknown beyond 100 code points")]
    public void Counts_the_letters_of_a_word_in_code_points(int letters, string rule)
    {
        // U+10400 is a letter of two UTF-16 units, its lower case U+10428 too.
        var vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n\U00010428\n##\U00010428\n"u8.ToArray();
        var tokenizer = BertTextTokenizer.Create(vocabulary, new());
        var ids = EncodeWith(tokenizer, string.Concat(Enumerable.Repeat("\U00010400", letters)), maxTokens: 512)[1..^1];

        ids.ShouldBe(letters > 100 ? [1] : [5, .. Enumerable.Repeat(6, letters - 1)], rule);
    }

    [Fact]
    public void Keeps_capitals_and_accents_where_the_spec_does()
    {
        var vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nCafé\ncafé\ncafe\ni\u0307\nCafe\n"u8.ToArray();

        Ids(new() { LowerCase = false, StripAccents = false }, "Café").ShouldBe([5]);
        Ids(new() { LowerCase = true, StripAccents = false }, "Café").ShouldBe([6]);
        Ids(new() { LowerCase = true, StripAccents = true }, "Café").ShouldBe([7]);
        Ids(new() { LowerCase = true, StripAccents = false }, "\u0130").ShouldBe([8]);
        Ids(new() { LowerCase = false, StripAccents = true }, "Café").ShouldBe([9]);

        int[] Ids(TokenizerSpec spec, string text) => EncodeWith(BertTextTokenizer.Create(vocabulary, spec), text, 512)[1..^1];
    }

    [Theory]
    [InlineData("a[SEP]b", new[] { 1037, 102, 1038 })]
    [InlineData("[[SEP]]", new[] { 1031, 102, 1033 })]
    [InlineData("[sep]", new[] { 1031, 19802, 1033 })]
    [InlineData("[SEP][SEP]", new[] { 102, 102 })]
    [InlineData("[SEP", new[] { 1031, 19802 })]
    public void Recognises_special_tokens_inside_words_by_their_exact_letters(string text, int[] ids) =>
        EncodeWith(Shipped, text, maxTokens: 512)[1..^1].ShouldBe(ids);

    [Fact]
    public void Words_that_share_a_place_in_the_cache_keep_their_own_ids()
    {
        var words = Enumerable.Range(0, 100_000).Select(i => $"w{i}").ToArray();
        var fresh = BertTextTokenizer.Create(ShippedVocabulary, new());
        var sample = words.Where((_, i) => i % 997 == 0).ToArray();
        var before = sample.Select(w => EncodeWith(Shipped, w, 512)).ToArray();

        foreach (var word in words)
            EncodeWith(fresh, word, 512);

        sample.Select(w => EncodeWith(fresh, w, 512)).ShouldBe(before);
    }

    [Theory]
    [InlineData("", "[CLS], [SEP], [UNK]")]
    [InlineData("[PAD]\n[CLS]\n[UNK]\na\n", "[SEP]")]
    public void Refuses_a_vocabulary_without_the_tokens_every_text_needs(string vocabulary, string missing) =>
        Should.Throw<InvalidDataException>(() => BertTextTokenizer.Create(System.Text.Encoding.UTF8.GetBytes(vocabulary), new()))
            .Message.ShouldContain($"has no {missing};");

    private static int[] EncodeWith(TextTokenizer tokenizer, string text, int maxTokens)
    {
        var buffer = new TokenBuffer();
        buffer.Add(tokenizer.Opening.Span);
        tokenizer.Append(text, maxTokens - 2, buffer);
        buffer.Add(tokenizer.Closing.Span);
        return buffer.Slice(0, buffer.Count).ToArray();
    }
}
