using System.Text.Json;

namespace DriftGuard.Benchmarks.Embedding;

/// <summary>The texts of a JSON Lines file.</summary>
internal static class Texts
{
    public static List<string> Read(string file, int most = int.MaxValue) => [.. File.ReadLines(file).Take(most).Select(TextOf)];

    private static string TextOf(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("text").GetString()!;
    }
}
