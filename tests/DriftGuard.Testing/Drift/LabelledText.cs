using System.Text.Json;

namespace DriftGuard.Testing.Drift;

/// <summary>A text of a calibration set.</summary>
/// <param name="Text">The text.</param>
/// <param name="Intent">What it asks for; empty where the set has no intents.</param>
/// <param name="Domain">The domain of the intent; empty where the set has none.</param>
public sealed record LabelledText(string Text, string Intent, string Domain)
{
    /// <summary>Documents of clinc150, 100 an intent in the order of the file.</summary>
    public static IReadOnlyList<LabelledText> ClincDocuments() => Read("clinc150", "corpus.jsonl");

    /// <summary>Queries of clinc150, 10 an intent.</summary>
    public static IReadOnlyList<LabelledText> ClincQueries() => Read("clinc150", "queries.jsonl");

    /// <summary>Requests outside of clinc150's intents.</summary>
    public static IReadOnlyList<LabelledText> ClincOutOfScope() => Read(Path.Combine(AppContext.BaseDirectory, "Data", "clinc150", "oos.jsonl"));

    /// <summary>German questions about paragraphs.</summary>
    public static IReadOnlyList<LabelledText> GermanQuestions() => Read("xquad-de", "queries.jsonl");

    /// <summary>English paragraphs.</summary>
    public static IReadOnlyList<LabelledText> EnglishParagraphs() => Read("xquad-en", "corpus.jsonl");

    private static IReadOnlyList<LabelledText> Read(string set, string file) => Read(Path.Combine(CalibrationSets(), set, file));

    private static List<LabelledText> Read(string path) => [.. File.ReadLines(path).Select(Parsed)];

    private static LabelledText Parsed(string line)
    {
        using var json = JsonDocument.Parse(line);
        return new(Field("text"), Field("label"), Field("domain"));

        string Field(string name) => json.RootElement.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
    }

    private static string CalibrationSets()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "DriftGuard.sln")))
                return Path.Combine(folder.FullName, "calibration-sets");
        }

        throw new DirectoryNotFoundException($"found no DriftGuard.sln above {AppContext.BaseDirectory}");
    }
}
