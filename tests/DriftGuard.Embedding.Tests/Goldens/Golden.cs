using System.Text.Json;

namespace DriftGuard.Embedding.Tests.Goldens;

public sealed record GoldenTokens(string Text, int[] Ids);

/// <summary>Texts, and by name of the tokenizer the ids of all of them, or of the first ones.</summary>
public sealed record GoldenTokenizers(string[] Texts, Dictionary<string, int[][]> Ids);

public sealed record GoldenEmbedding(string Text, string? Prefix, int[] Ids, float[] Embedding)
{
    /// <summary>A vector of zeros in the reference stands for no vector.</summary>
    public bool HasVector => Embedding.Any(x => x != 0);
}

/// <summary>Reads the golden files, see the README beside them.</summary>
internal static class Golden
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    private static readonly Lazy<GoldenTokenizers> Tokenizers =
        new(() => JsonSerializer.Deserialize<GoldenTokenizers>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Goldens", "tokenizers.json")), Options)!);

    public static IReadOnlyList<GoldenTokens> WordPiece() => Read<GoldenTokens[]>("wordpiece.json", "cases");

    public static IReadOnlyList<GoldenEmbedding> Embeddings(string model) => Read<GoldenEmbedding[]>("embeddings.json", model);

    /// <summary>Texts with their ids in one of <see cref="TokenizerVariants"/> or in an encoding of tiktoken.</summary>
    public static IReadOnlyList<GoldenTokens> Tokenizer(string name) => [.. Tokenizers.Value.Texts.Zip(Tokenizers.Value.Ids[name], (text, ids) => new GoldenTokens(text, ids))];

    private static T Read<T>(string file, string member)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Goldens", file)));
        return json.RootElement.GetProperty(member).Deserialize<T>(Options)!;
    }
}
