using System.Text.Json;
using System.Text.Json.Nodes;

namespace DriftGuard.Worker.Tests.Gate;

/// <summary>
/// A corpus in three languages as an application has it: two thirds of xquad's paragraphs in English, a sixth in German, a sixth in Spanish,
/// none in two languages, with the questions that people asked of them.
/// </summary>
internal static class MixedLanguages
{
    private static readonly (string Language, int From, int To)[] Parts = [("en", 0, 160), ("de", 160, 200), ("es", 200, 240)];

    /// <summary>Writes the set with its corpus.</summary>
    /// <returns>Its name.</returns>
    public static string Write(string sets)
    {
        const string Name = "mixed-languages";
        var folder = Directory.CreateDirectory(Path.Join(sets, Name)).FullName;
        var (corpus, queries, qrels) = (new List<string>(), new List<string>(), new List<string> { "query-id\tcorpus-id\tscore" });
        foreach (var (language, from, to) in Parts)
        {
            var source = Path.Join(GateWorld.ShippedSets, $"xquad-{language}");
            var documents = File.ReadLines(Path.Join(source, "corpus.jsonl")).Skip(from).Take(to - from).Select(Read).ToList();
            var kept = documents.Select(document => (string)document["id"]!).ToHashSet(StringComparer.Ordinal);
            corpus.AddRange(documents.Select(document => Written(document, language)));
            var relevant = File.ReadLines(Path.Join(source, "qrels.tsv")).Skip(1).Select(line => line.Split('\t')).Where(line => kept.Contains(line[1])).ToList();
            var asked = relevant.Select(line => line[0]).ToHashSet(StringComparer.Ordinal);
            queries.AddRange(File.ReadLines(Path.Join(source, "queries.jsonl")).Select(Read).Where(query => asked.Contains((string)query["id"]!)).Select(query => Written(query, language)));
            qrels.AddRange(relevant.Select(line => $"{language}-{line[0]}\t{language}-{line[1]}\t{line[2]}"));
        }

        File.WriteAllText(Path.Join(folder, "set.yaml"), $"name: {Name}\nid_field: id\nslices: [lang]\n");
        File.WriteAllLines(Path.Join(folder, "corpus.jsonl"), corpus);
        File.WriteAllLines(Path.Join(folder, "queries.jsonl"), queries);
        File.WriteAllLines(Path.Join(folder, "qrels.tsv"), qrels);
        return Name;
    }

    private static JsonObject Read(string line) => JsonNode.Parse(line)!.AsObject();

    private static string Written(JsonObject record, string language) =>
        JsonSerializer.Serialize(new { id = $"{language}-{record["id"]}", text = (string)record["text"]!, lang = language });
}
