using System.Diagnostics;
using System.Globalization;
using System.Text;
using CsCheck;
using DriftGuard.Embedding.Tests.Goldens;
using DriftGuard.Embedding.Tokenization;
using DriftGuard.Embedding.Tokenization.BytePairs;
using DriftGuard.Embedding.Tokenization.HuggingFace;
using DriftGuard.Embedding.Tokenization.Normalisation;

namespace DriftGuard.Embedding.Tests.Tokenization;

/// <summary>What holds for every text, whatever its ids are.</summary>
public sealed class TokenizerLawTests
{
    private static readonly string[] Parts =
    [
        " ", "  ", "\n", "\t", "\u00a0", "\u200b", "\u3000", "\u0301", "\u200d", "\u0600", "a", "word", "Word", "an", "ﬁ", "Ａ", "½", "각", "\u1100", "ก", "ำ",
        "日本", "🙂", "🇫", "\U00010400", "▁", "<s>", "<mask>", "</s>", "[ENT]", "[MASK]", "dog", "New York", "'s", "12", "!", "``", "x",
    ];

    private static readonly Gen<string> Text = OneOf(Parts).Array[0, 40].Select(string.Concat);

    public static TheoryData<string> All() => [.. TokenizerVariants.Names, .. TiktokenEncodings.Names];

    [Theory]
    [MemberData(nameof(All))]
    public void A_limit_gives_the_first_ids_and_says_whether_there_are_more(string name)
    {
        var tokenizer = Create(name);
        Gen.Select(Text, Gen.Int[0, 30]).Sample((text, limit) =>
        {
            var all = Ids(tokenizer, text, int.MaxValue, out _);
            var some = Ids(tokenizer, text, limit, out var isMore);
            return some.SequenceEqual(all.Take(limit)) && isMore == all.Length > limit;
        }, iter: 500);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_was_seen_before_does_not_change_ids(string name)
    {
        var fresh = Create(name);
        var used = Create(name);
        foreach (var golden in Golden.Tokenizer(name))
            used.Encode(golden.Text);
        Text.Sample(text => used.Encode(text).SequenceEqual(fresh.Encode(text)), iter: 500);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_prefix_is_tokenised_apart_only_where_that_changes_nothing(string name)
    {
        var tokenizer = Create(name);
        string[] prefixes = ["query: ", "passage: ", "a\t", "<mask> ", "[ENT] "];
        Gen.Select(OneOf(prefixes), Text).Sample((prefix, text) => !tokenizer.SeparatesAt(prefix[^1])
            || Ids(tokenizer, prefix + text).SequenceEqual([.. Ids(tokenizer, prefix), .. Ids(tokenizer, text)]), iter: 500);
    }

    [Theory]
    [InlineData("unigram")]
    [InlineData("unigram-metaspace")]
    [InlineData("unigram-spaces")]
    [InlineData("unigram-plain")]
    [InlineData("unigram-nfkc")]
    [InlineData("unigram-added")]
    public void A_long_text_that_is_normalised_in_parts_has_the_ids_of_the_whole(string name)
    {
        var json = TokenizerVariants.Json(name);
        var inParts = TokenizerFile.Create(Encoding.UTF8.GetBytes(json.ToJsonString()), ReferenceIdsTests.SpecOf(name));
        // A token that is looked for in normalised text, and is not there, has the whole text normalised at once.
        var whole = inParts.VocabularySize;
        json["added_tokens"]!.AsArray().Add(System.Text.Json.Nodes.JsonNode.Parse(string.Create(CultureInfo.InvariantCulture,
            $$"""{"id":{{whole}},"content":"never","single_word":false,"lstrip":false,"rstrip":false,"normalized":true,"special":false}""")));
        var atOnce = TokenizerFile.Create(Encoding.UTF8.GetBytes(json.ToJsonString()), ReferenceIdsTests.SpecOf(name));
        Text.Array[300, 600].Select(string.Concat).Sample(
            text => text.Length > TextNormaliser.UsualPart && inParts.Encode(text).SequenceEqual(atOnce.Encode(text)), iter: 20);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_word_without_end_needs_no_more_than_moments(string name)
    {
        var tokenizer = Create(name);
        var random = new Random(1);
        var clock = Stopwatch.StartNew();

        Ids(tokenizer, string.Concat(Enumerable.Range(0, 300_000).Select(_ => (char)('a' + random.Next(26)))), 512, out _);
        Ids(tokenizer, new('a', 300_000), 512, out _);
        Ids(tokenizer, new(' ', 300_000), 512, out _);
        Ids(tokenizer, new('\u0301', 300_000), 512, out _);

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30), "each of the words was to be read in time that grows with its length");
    }

    private static Gen<string> OneOf(string[] parts) => Gen.Int[0, parts.Length - 1].Select(i => parts[i]);

    private static TextTokenizer Create(string name) => TiktokenEncodings.Names.Contains(name)
        ? TiktokenEncodings.Get(name)
        : TokenizerFile.Create(TokenizerVariants.File(name), ReferenceIdsTests.SpecOf(name));

    private static int[] Ids(ITextTokenizer tokenizer, string text) => Ids(tokenizer, text, int.MaxValue, out _);

    private static int[] Ids(ITextTokenizer tokenizer, string text, int limit, out bool isMore)
    {
        var buffer = new TokenBuffer();
        isMore = tokenizer.Append(text, limit, buffer);
        return buffer.Slice(0, buffer.Count).ToArray();
    }
}
