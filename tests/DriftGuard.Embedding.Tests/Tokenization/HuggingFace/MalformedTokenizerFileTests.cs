using System.Text;
using System.Text.Json.Nodes;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Tests.Goldens;
using DriftGuard.Embedding.Tokenization.HuggingFace;

namespace DriftGuard.Embedding.Tests.Tokenization.HuggingFace;

/// <summary>A file that cannot be followed to the letter is refused, with the place of what is wrong.</summary>
public sealed class MalformedTokenizerFileTests
{
    /// <summary>Small enough to be written out for each case; what is not in it is as in the goldens.</summary>
    private const string WordPiece = """
        { "added_tokens": [{ "id": 0, "content": "[UNK]", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false }],
          "normalizer": { "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true },
          "pre_tokenizer": { "type": "BertPreTokenizer" },
          "post_processor": { "type": "BertProcessing", "sep": ["b", 2], "cls": ["a", 1] },
          "model": { "type": "WordPiece", "unk_token": "[UNK]", "vocab": { "[UNK]": 0, "a": 1, "b": 2 } } }
        """;

    private const string Unigram = """
        { "normalizer": { "type": "Sequence", "normalizers": [{ "type": "NFKC" }, { "type": "Strip", "strip_left": false, "strip_right": true }] },
          "pre_tokenizer": { "type": "Metaspace", "replacement": "▁", "prepend_scheme": "always" },
          "model": { "type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["▁", -1.5], ["a", -2.5]] } }
        """;

    public static TheoryData<string, string, string, string> Files()
    {
        var data = new TheoryData<string, string, string, string>();
        Add(WordPiece, "\"a\": 1", "\"a\": 3", "model.vocab has 3 tokens, and 'a' with id 3: expected each id from 0 to 2 once.");
        Add(WordPiece, "\"a\": 1", "\"a\": 2", "model.vocab has 3 tokens, and 'b' with id 2 as 'a' has: expected each id from 0 to 2 once.");
        Add(WordPiece, "\"a\": 1", "\"a\": -1", "model.vocab.a is -1: expected a whole number of 0 or more.");
        Add(WordPiece, "\"a\": 1", "\"a\": 99999999999", "model.vocab.a is 99999999999: expected a whole number of 0 or more.");
        Add(WordPiece, "\"a\": 1", "\"b\": 1", "is not JSON as a tokenizer.json has it");
        Add(WordPiece, "\"a\": 1", "\"\\ud800\": 1", "is not JSON as a tokenizer.json has it");
        Add(WordPiece, "\"vocab\"", "\"words\"", "model.vocab is missing.");
        Add(WordPiece, "\"model\"", "\"models\"", "model is missing.");
        Add(WordPiece, "\"unk_token\": \"[UNK]\"", "\"unk_token\": \"<unk>\"", "model.unk_token is <unk>, and model.vocab has no such token.");
        Add(WordPiece, "\"id\": 0,", "\"id\": 1,", "added_tokens[0].id is 1: expected 0, the id of '[UNK]' in model.vocab or the next one behind it.");
        Add(WordPiece, "\"id\": 0, \"content\": \"[UNK]\"", "\"id\": 4, \"content\": \"c\"", "added_tokens[0].id is 4: expected 3");
        Add(WordPiece, "\"content\": \"[UNK]\"", "\"content\": \"\"", "added_tokens[0].content is \"\": expected a text that is not empty.");
        Add(WordPiece, "\"lstrip\": false, ", "", "added_tokens[0].lstrip is missing.");
        Add(WordPiece, "\"sep\": [\"b\", 2]", "\"sep\": [\"b\", 3]", "post_processor.sep[1] is 3: expected the id of a token, so less than 3.");
        Add(WordPiece, "\"sep\": [\"b\", 2]", "\"sep\": [\"b\"]", "post_processor.sep is [\"b\"]: expected a token and its id.");
        Add(WordPiece, "\"BertProcessing\"", "\"XProcessing\"", "post_processor.type is XProcessing: supported there are TemplateProcessing, ");
        Add(WordPiece, "\"BertNormalizer\"", "\"Lowercase\"", "normalizer.type is Lowercase: supported there are BertNormalizer.");
        Add(WordPiece, "\"BertPreTokenizer\"", "\"Whitespace\"", "pre_tokenizer.type is Whitespace: supported there are BertPreTokenizer.");
        Add(WordPiece, "\"clean_text\": true", "\"clean_text\": false", "normalizer.clean_text is false: expected true, the only setting that is supported.");
        Add(WordPiece, "\"handle_chinese_chars\": true", "\"handle_chinese_chars\": false", "normalizer.handle_chinese_chars is false: expected true");
        Add(WordPiece, "\"lowercase\": true", "\"lowercase\": 1", "normalizer.lowercase is 1: expected true or false.");
        Add(WordPiece, "\"unk_token\"", "\"max_input_chars_per_word\": 2000000000, \"unk_token\"", "max_input_chars_per_word is 2000000000: expected at most 1000000.");
        Add(WordPiece, "\"type\": \"WordPiece\"", "\"type\": \"WordLevel\"", "model.type is WordLevel: supported there are WordPiece, Unigram, BPE.");
        Add(Unigram, "\"NFKC\"", "\"Nmt\"", "normalizer.normalizers[0].type is Nmt: supported there are Precompiled, ");
        Add(Unigram, "{ \"type\": \"NFKC\" }", "{ \"type\": \"Replace\", \"pattern\": { \"Regex\": \"a+\" }, \"content\": \"\" }", "normalizer.normalizers[0].pattern.Regex is \"a+\": expected \" {2,}\"");
        Add(Unigram, "{ \"type\": \"NFKC\" }", Precompiled("!"), "normalizer.normalizers[0].precompiled_charsmap is \"!\": expected bytes in base64.");
        Add(Unigram, "{ \"type\": \"NFKC\" }", Precompiled("AA=="), "the charsmap is 1 bytes long: expected SentencePiece's, whole.");
        Add(Unigram, "{ \"type\": \"NFKC\" }", Precompiled("////fwAAAAA="), "the charsmap says that its array has 2147483647 bytes of 4");
        Add(Unigram, "\"unk_id\": 0", "\"unk_id\": 3", "model.unk_id is 3: expected the id of a piece, so less than 3.");
        Add(Unigram, "\"unk_id\": 0", "\"unk_id\": null", "model.unk_id is missing.");
        Add(Unigram, "-1.5", "NaN", "is not JSON as a tokenizer.json has it");
        Add(Unigram, "-1.5", "\"NaN\"", "model.vocab[1][1] is \"NaN\": expected a finite number.");
        Add(Unigram, "-1.5", "1e999", "model.vocab[1][1] is 1e999: expected a finite number.");
        Add(Unigram, "[\"a\", -2.5]", "[\"▁\", -2.5]", "model.vocab has '▁' twice, as 1 and 2: expected distinct tokens.");
        Add(Unigram, "[\"a\", -2.5]", "[\"\", -2.5]", "model.vocab[2][0] is \"\": expected a piece that is not empty.");
        Add(Unigram, "[\"a\", -2.5]", "[\"a\"]", "model.vocab[2] is [\"a\"]: expected a piece and its score.");
        Add(Unigram, "[\"a\", -2.5]", "[\"\\ud800\", -2.5]", "model.vocab[2][0] has half of a surrogate pair");
        Add(Unigram, "\"always\"", "\"first\"", "pre_tokenizer.prepend_scheme is \"first\": expected \"always\" or \"never\"");
        Add(Unigram, "\"replacement\": \"▁\"", "\"replacement\": \"__\"", "pre_tokenizer.replacement is \"__\": expected a single character.");
        Add(Unigram, "\"type\": \"Metaspace\"", "\"type\": \"Digits\"", "pre_tokenizer.type is Digits: supported there are Metaspace, Sequence of WhitespaceSplit and Metaspace.");
        return data;

        void Add(string file, string right, string wrong, string message)
        {
            file.ShouldContain(right);
            data.Add(file, right, wrong, message);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void What_is_wrong_is_said_with_its_place(string file, string right, string wrong, string message) =>
        Refusal(Encoding.UTF8.GetBytes(file.Replace(right, wrong, StringComparison.Ordinal))).ShouldContain(message);

    [Theory]
    [InlineData("dropout", "0.1", "model.dropout is 0.1: expected null or 0")]
    [InlineData("byte_fallback", "true", "model.byte_fallback is true: expected false")]
    [InlineData("continuing_subword_prefix", "\"##\"", "model.continuing_subword_prefix is \"##\": expected null or \"\"")]
    [InlineData("merges", "[\"a\"]", "model.merges[0] is \"a\": expected two tokens with a space between them.")]
    [InlineData("merges", "[[\"a\"]]", "model.merges[0] is [\"a\"]: expected two tokens.")]
    [InlineData("merges", "[\"a zzz\"]", "model.merges[0] is \"a zzz\": expected two tokens of model.vocab that are one together; there is no 'zzz'.")]
    [InlineData("merges", "[\"z q\"]", "there is no 'zq'.")]
    [InlineData("vocab", "{ \"a\": 0 }", "")]
    public void Byte_pairs_that_cannot_be_followed_are_refused(string key, string value, string message)
    {
        var json = TokenizerVariants.Json("byte-pairs");
        json["model"]![key] = JsonNode.Parse(value);

        Refusal(Encoding.UTF8.GetBytes(json.ToJsonString())).ShouldContain(message);
    }

    [Fact]
    public void A_vocabulary_without_some_bytes_is_refused()
    {
        var json = TokenizerVariants.Json("byte-pairs");
        var model = json["model"]!;
        model["merges"] = new JsonArray();
        model["vocab"] = new JsonObject { ["<s>"] = 0, ["<pad>"] = 1, ["</s>"] = 2, ["<unk>"] = 3, ["!"] = 4 };
        json["added_tokens"] = new JsonArray();

        Refusal(Encoding.UTF8.GetBytes(json.ToJsonString())).ShouldBe("model.vocab has no 'Ā', which stands for byte 0: "
            + "expected a token for each of the 256 bytes. Only byte-level tokenizers are supported.");
    }

    [Fact]
    public void A_pattern_that_is_not_known_is_refused()
    {
        var json = TokenizerVariants.Json("byte-pairs-split");
        json["pre_tokenizer"]!["pretokenizers"]![0]!["pattern"]!["Regex"] = "(a+)+$";

        Refusal(Encoding.UTF8.GetBytes(json.ToJsonString())).ShouldStartWith("pre_tokenizer.pretokenizers[0].pattern.Regex is (a+)+$: supported are");
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void A_hundred_megabytes_of_nesting_are_refused(char bracket) =>
        Refusal(Encoding.ASCII.GetBytes(new string(bracket, 100_000_000))).ShouldContain("is not JSON");

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"model\": []}")]
    [InlineData("{\"model\": {}}")]
    [InlineData("{\"model\": {\"type\": 1}}")]
    public void Something_else_is_refused(string file) => Refusal(Encoding.UTF8.GetBytes(file)).ShouldNotBeEmpty();

    [Theory]
    [InlineData(WordPiece)]
    [InlineData(Unigram)]
    public void A_file_that_was_cut_off_or_has_another_byte_anywhere_is_read_or_refused(string file)
    {
        var bytes = Encoding.UTF8.GetBytes(file);
        for (var i = 0; i < bytes.Length; i++)
        {
            Try(bytes[..i]);
            foreach (var other in "0\"[}\u007f\u00ff"u8)
            {
                byte[] changed = [.. bytes];
                changed[i] = other;
                Try(changed);
            }
        }

        static void Try(byte[] bytes)
        {
            try
            {
                TokenizerFile.Create(bytes, Spec(bytes)).Encode("a b [UNK] ab\u0301");
            }
            catch (InvalidDataException)
            {
                // What is expected, as is a tokenizer.
            }
        }
    }

    [Fact]
    public void A_charsmap_with_another_byte_anywhere_is_read_or_refused()
    {
        var text = (string)TokenizerVariants.Json("unigram")["normalizer"]!["precompiled_charsmap"]!;
        var bytes = Convert.FromBase64String(text);
        var random = new Random(1);
        for (var i = 0; i < 100; i++)
        {
            var changed = (byte[])bytes.Clone();
            for (var k = 0; k < 1 + (i % 50); k++)
                changed[random.Next(i % 2 == 0 ? 2000 : bytes.Length)] = (byte)random.Next(256);
            var file = Unigram.Replace("{ \"type\": \"NFKC\" }", Precompiled(Convert.ToBase64String(changed)), StringComparison.Ordinal);
            try
            {
                TokenizerFile.Create(Encoding.UTF8.GetBytes(file), new() { Kind = TokenizerSpec.Unigram }).Encode("Ａ ﬁ e\u0301 ½ \u200b 각\u3000ab");
            }
            catch (InvalidDataException)
            {
                // What is expected, as is a tokenizer.
            }
        }
    }

    private static string Precompiled(string base64) => $$"""{ "type": "Precompiled", "precompiled_charsmap": "{{base64}}" }""";

    private static string Refusal(byte[] bytes) => Should.Throw<InvalidDataException>(() => TokenizerFile.Create(bytes, Spec(bytes))).Message;

    private static TokenizerSpec Spec(byte[] bytes)
    {
        var start = Encoding.Latin1.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, 2000)));
        return new()
        {
            Kind = start.Contains("Unigram", StringComparison.Ordinal) ? TokenizerSpec.Unigram
                : start.Contains("BertNormalizer", StringComparison.Ordinal) || start.Contains("WordPiece", StringComparison.Ordinal) ? TokenizerSpec.WordPiece
                : TokenizerSpec.BytePairs,
        };
    }
}
