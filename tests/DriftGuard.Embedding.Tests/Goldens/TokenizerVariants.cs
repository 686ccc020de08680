using System.Text;
using System.Text.Json.Nodes;

namespace DriftGuard.Embedding.Tests.Goldens;

/// <summary>
/// The tokenizer files whose ids are in <c>tokenizers.json</c>: each is one of three files with some members replaced, as
/// <c>tokenizer-variants.json</c> says.
/// </summary>
internal static class TokenizerVariants
{
    private static readonly JsonObject All = Read("tokenizer-variants");

    public static IEnumerable<string> Names => All.Select(v => v.Key);

    /// <summary>The bytes of a variant's tokenizer.json.</summary>
    public static byte[] File(string name) => Encoding.UTF8.GetBytes(Json(name).ToJsonString());

    /// <summary>A variant's tokenizer.json, to be changed further.</summary>
    public static JsonObject Json(string name)
    {
        var variant = All[name]!.AsObject();
        var file = Read((string)variant["base"]!);
        if ((string)file["model"]!["type"]! == "WordPiece")
            file["model"]!["vocab"] = BertVocabulary();
        var normaliser = file["normalizer"];
        foreach (var (key, value) in variant.Where(m => m.Key != "base"))
        {
            if (key == "add_tokens")
                value!.AsArray().ToList().ForEach(t => file["added_tokens"]!.AsArray().Add(t!.DeepClone()));
            else if (key == "model")
                value!.AsObject().ToList().ForEach(m => file["model"]![m.Key] = m.Value?.DeepClone());
            else
                file[key] = value?.DeepClone();
        }

        // A list of steps that begins with the file's own normaliser, which is too long to repeat, has PRE in its place.
        if (file["normalizer"] is JsonObject steps && steps["normalizers"] is JsonArray list && list[0] is JsonValue)
            list[0] = normaliser!.DeepClone();
        return file;
    }

    private static JsonObject BertVocabulary()
    {
        var vocabulary = new JsonObject();
        foreach (var (id, token) in System.IO.File.ReadAllLines(Path.Combine(ShippedModels.DirectoryOf(ShippedModels.MiniLm), "vocab.txt")).Index())
            vocabulary[token] = id;
        return vocabulary;
    }

    private static JsonObject Read(string file) =>
        JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Goldens", $"{file}.json")))!.AsObject();
}
