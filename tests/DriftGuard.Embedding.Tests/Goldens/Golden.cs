using System.Text.Json;

namespace DriftGuard.Embedding.Tests.Goldens;

public sealed record GoldenTokens(string Text, int[] Ids);

public sealed record GoldenEmbedding(string Text, string? Prefix, int[] Ids, float[] Embedding)
{
    /// <summary>A vector of zeros in the reference stands for no vector.</summary>
    public bool HasVector => Embedding.Any(x => x != 0);
}

/// <summary>Reads the golden files, see the README beside them.</summary>
internal static class Golden
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<GoldenTokens> WordPiece() => Read<GoldenTokens[]>("wordpiece.json", "cases");

    public static IReadOnlyList<GoldenEmbedding> Embeddings(string model) => Read<GoldenEmbedding[]>("embeddings.json", model);

    private static T Read<T>(string file, string member)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Goldens", file)));
        return json.RootElement.GetProperty(member).Deserialize<T>(Options)!;
    }
}
