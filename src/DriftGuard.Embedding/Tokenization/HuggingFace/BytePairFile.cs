using System.Text.Json;
using System.Text.RegularExpressions;
using DriftGuard.Embedding.Tokenization.BytePairs;

namespace DriftGuard.Embedding.Tokenization.HuggingFace;

/// <summary>Reads byte-level tokenizers: those of GPT-2, RoBERTa and their successors.</summary>
internal static class BytePairFile
{
    public static TextTokenizer Read(JsonPart root, JsonPart model)
    {
        RefuseSettings(model);
        var vocabulary = TokenNames.ReadVocabulary(model.Get("vocab"));
        var names = TokenNames.Read(root, vocabulary);
        var (pattern, putsSpaceBefore) = ReadPreTokenizer(root.Get("pre_tokenizer"));
        var pieces = new BytePairPieces(ReadMerges(model, vocabulary));
        var text = new BytePairTextModel(NormaliserReader.Read(root), pattern, putsSpaceBefore, pieces);
        return new(text, new(names.Added, text), TokenFrameReader.Read(root, names));
    }

    private static void RefuseSettings(JsonPart model)
    {
        if (model.Find("dropout") is { } dropout && dropout.Number() != 0)
            throw dropout.Wrong("null or 0, since a text must always have the same ids");
        if (model.Find("byte_fallback") is { } fallback && fallback.Boolean())
            throw fallback.Wrong("false, since only byte-level tokenizers are supported");
        foreach (var key in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
        {
            if (model.Find(key) is { } affix && affix.Text().Length > 0)
                throw affix.Wrong("null or \"\", since only byte-level tokenizers are supported");
        }
    }

    private static ListedMerges ReadMerges(JsonPart model, string[] vocabulary)
    {
        var ids = vocabulary.Index().ToDictionary(t => t.Item, t => t.Index, StringComparer.Ordinal);
        var merges = new Dictionary<(int Left, int Right), ByteMerge>();
        foreach (var merge in model.Get("merges").Items())
        {
            var (left, right) = ReadMerge(merge);
            merges[(Id(left, merge), Id(right, merge))] = new(merges.Count, Id(left + right, merge));
        }

        var ofByte = Enumerable.Range(0, 256).Select(b => ids.GetValueOrDefault(ByteCharacters.OfByte((byte)b).ToString(), -1)).ToArray();
        if (Array.IndexOf(ofByte, -1) is var missing and >= 0)
        {
            throw new InvalidDataException($"model.vocab has no '{ByteCharacters.OfByte((byte)missing)}', which stands for byte {missing}: "
                + "expected a token for each of the 256 bytes. Only byte-level tokenizers are supported.");
        }

        return new(ofByte, merges, model.Boolean("ignore_merges", fallback: false) ? WholeWords(ids) : null);

        int Id(string token, JsonPart merge) =>
            ids.TryGetValue(token, out var id) ? id : throw merge.Wrong($"two tokens of model.vocab that are one together; there is no '{token}'");
    }

    private static (string Left, string Right) ReadMerge(JsonPart merge)
    {
        if (merge.Kind == JsonValueKind.Array)
            return merge.Items() is [var left, var right] ? (left.Text(), right.Text()) : throw merge.Wrong("two tokens");
        return merge.Text().Split(' ') is [var first, var second] ? (first, second) : throw merge.Wrong("two tokens with a space between them");
    }

    private static Dictionary<string, int> WholeWords(Dictionary<string, int> ids) => ids
        .Select(t => (Bytes: ByteCharacters.ToBytes(t.Key), Id: t.Value))
        .Where(t => t.Bytes is not null)
        .ToDictionary(t => t.Bytes!, t => t.Id, StringComparer.Ordinal);

    private static (Regex? Pattern, bool PutsSpaceBefore) ReadPreTokenizer(JsonPart preTokenizer)
    {
        if (preTokenizer.Type == "ByteLevel")
            return (preTokenizer.Boolean("use_regex", fallback: true) ? WordPatterns.Gpt2 : null, preTokenizer.Get("add_prefix_space").Boolean());
        if (preTokenizer.Type != "Sequence")
            throw preTokenizer.Unsupported("ByteLevel", "Sequence of Split and ByteLevel");
        var steps = preTokenizer.Get("pretokenizers");
        if (steps.Items() is not [var split, var bytes])
            throw steps.Wrong("Split and ByteLevel");
        if (bytes.Type != "ByteLevel")
            throw bytes.Unsupported("ByteLevel");
        foreach (var key in new[] { "use_regex", "add_prefix_space" })
        {
            if (bytes.Get(key).Boolean())
                throw bytes.Get(key).Wrong("false behind a Split");
        }

        return (ReadSplit(split), false);
    }

    private static Regex ReadSplit(JsonPart split)
    {
        if (split.Type != "Split")
            throw split.Unsupported("Split");
        // The patterns match every character, so what they match is all there is: kept apart, or cut out the other way round.
        var inverted = split.Get("invert").Boolean();
        var behaviour = split.Get("behavior");
        if (behaviour.Text() != (inverted ? "Removed" : "Isolated"))
            throw behaviour.Wrong(inverted ? "\"Removed\" where invert is true" : "\"Isolated\" where invert is false");
        var pattern = split.Get("pattern").Get("Regex");
        return WordPatterns.Stated.TryGetValue(pattern.Text(), out var known)
            ? known
            : throw new InvalidDataException($"{pattern.Place} is {pattern.Text()}: supported are the patterns of cl100k_base, o200k_base, "
                + "GPT-2 and Qwen, as their files state them. Use a model whose tokenizer has one of these.");
    }
}
