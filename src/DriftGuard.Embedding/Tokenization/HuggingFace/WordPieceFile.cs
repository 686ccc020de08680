using System.Text;
using DriftGuard.Embedding.Tokenization.Bert;

namespace DriftGuard.Embedding.Tokenization.HuggingFace;

/// <summary>Reads BERT's tokenizer.</summary>
internal static class WordPieceFile
{
    /// <summary>Far above any model's, far below where twice as much is no number.</summary>
    private const int LongestWord = 1_000_000;

    public static TextTokenizer Read(JsonPart root, JsonPart model)
    {
        var vocabulary = TokenNames.ReadVocabulary(model.Get("vocab"));
        var names = TokenNames.Read(root, vocabulary);
        RequireBertPreTokenizer(root.Get("pre_tokenizer"));
        var settings = ReadSettings(root.Get("normalizer"), model);
        var unknown = Array.IndexOf(vocabulary, settings.UnknownToken);
        if (unknown < 0)
            throw new InvalidDataException($"model.unk_token is {settings.UnknownToken}, and model.vocab has no such token. Fetch the file again.");
        var text = BertTextModel.Create(Encoding.UTF8.GetBytes(string.Concat(vocabulary.Select(Line))), unknown, settings);
        return new(text, new(names.Added, text), TokenFrameReader.Read(root, names));
    }

    private static BertSettings ReadSettings(JsonPart normaliser, JsonPart model)
    {
        if (normaliser.Type != "BertNormalizer")
            throw normaliser.Unsupported("BertNormalizer");
        foreach (var setting in new[] { "clean_text", "handle_chinese_chars" })
        {
            if (!normaliser.Get(setting).Boolean())
                throw normaliser.Get(setting).Wrong("true, the only setting that is supported");
        }

        var lowerCase = normaliser.Get("lowercase").Boolean();
        var longest = model.Find("max_input_chars_per_word");
        return new()
        {
            LowerCase = lowerCase,
            StripAccents = normaliser.Boolean("strip_accents", fallback: lowerCase),
            UnknownToken = model.Find("unk_token")?.Text() ?? Vocabulary.Unknown,
            ContinuationPrefix = model.Find("continuing_subword_prefix")?.Text() ?? "##",
            LongestWord = longest is { } length ? (length.Integer() <= LongestWord ? length.Integer() : throw length.Wrong($"at most {LongestWord}")) : 100,
        };
    }

    private static void RequireBertPreTokenizer(JsonPart preTokenizer)
    {
        if (preTokenizer.Type != "BertPreTokenizer")
            throw preTokenizer.Unsupported("BertPreTokenizer");
    }

    /// <summary>A token as a line of a vocabulary; one that no line can hold can be no word's either, and gets one that none is.</summary>
    private static string Line(string token, int id) =>
        token.Length == 0 || token.AsSpan().ContainsAny('\r', '\n') ? $"\0{id}\n" : $"{token}\n";
}
