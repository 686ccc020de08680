using System.Text.Json;
using System.Text.Json.Nodes;

namespace DriftGuard.Worker.Tests.Gate;

/// <summary>Corpora in several languages as applications have them, made of the shipped sets; the language is the slice.</summary>
internal static class MixedLanguages
{
    /// <summary>Part of a shipped set: its first documents, or so many of each label, and of its queries every n-th.</summary>
    public sealed record Part(string Set, string Language, int? DocumentsOfEachLabel = null, int EveryNthQuery = 1);

    /// <summary>The same paragraphs and questions in three languages.</summary>
    public static readonly Part[] Paragraphs = [new("xquad-en", "en"), new("xquad-de", "de"), new("xquad-es", "es")];

    /// <summary>Mostly short English requests, and some questions in German and Spanish.</summary>
    public static readonly Part[] MostlyEnglish = [new("clinc150", "en", DocumentsOfEachLabel: 20), new("xquad-de", "de", EveryNthQuery: 8), new("xquad-es", "es", EveryNthQuery: 8)];

    /// <summary>Writes a set with its corpus.</summary>
    /// <returns>Its name.</returns>
    public static string Write(string sets, string name, IReadOnlyList<Part> parts)
    {
        var folder = Directory.CreateDirectory(Path.Join(sets, name)).FullName;
        var (corpus, queries, qrels) = (new List<string>(), new List<string>(), new List<string> { "query-id\tcorpus-id\tscore" });
        foreach (var part in parts)
        {
            var source = Path.Join(GateWorld.ShippedSets, part.Set);
            var documents = File.ReadLines(Path.Join(source, "corpus.jsonl")).Select(Read).ToList();
            if (part.DocumentsOfEachLabel is { } each)
            {
                documents = [.. documents.GroupBy(document => (string)document["label"]!, StringComparer.Ordinal).SelectMany(label => label.Take(each))];
            }

            var kept = documents.Select(IdOf).ToHashSet(StringComparer.Ordinal);
            var asked = File.ReadLines(Path.Join(source, "queries.jsonl")).Select(Read).Where((_, i) => i % part.EveryNthQuery == 0).ToList();
            var ids = asked.Select(IdOf).ToHashSet(StringComparer.Ordinal);
            corpus.AddRange(documents.Select(document => Written(document, part.Language)));
            queries.AddRange(asked.Select(query => Written(query, part.Language)));
            qrels.AddRange(File.ReadLines(Path.Join(source, "qrels.tsv")).Skip(1).Select(line => line.Split('\t'))
                .Where(line => ids.Contains(line[0]) && kept.Contains(line[1])).Select(line => $"{part.Language}-{line[0]}\t{part.Language}-{line[1]}\t{line[2]}"));
        }

        File.WriteAllText(Path.Join(folder, "set.yaml"), $"name: {name}\nid_field: id\nslices: [lang]\n");
        File.WriteAllLines(Path.Join(folder, "corpus.jsonl"), corpus);
        File.WriteAllLines(Path.Join(folder, "queries.jsonl"), queries);
        File.WriteAllLines(Path.Join(folder, "qrels.tsv"), qrels);
        return name;
    }

    private static JsonObject Read(string line) => JsonNode.Parse(line)!.AsObject();

    private static string IdOf(JsonObject record) => (string)record["id"]!;

    private static string Written(JsonObject record, string language) =>
        JsonSerializer.Serialize(new { id = $"{language}-{IdOf(record)}", text = (string)record["text"]!, lang = language });
}
