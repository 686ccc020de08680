using System.Collections.Concurrent;
using System.Text.Json;

namespace DriftGuard.Worker.Tests.Drift;

/// <summary>Real texts, from the calibration sets that come with DriftGuard.</summary>
internal static class Texts
{
    private static readonly string Sets = Path.Join(AppContext.BaseDirectory, "calibration-sets");
    private static readonly ConcurrentDictionary<string, IReadOnlyList<Labelled>> Files = new(StringComparer.Ordinal);

    /// <summary>A text of clinc150.</summary>
    public sealed record Labelled(string Id, string Text, string Label, string Domain);

    /// <summary>Documents of clinc150: some of each of some intents, intent by intent.</summary>
    public static IReadOnlyList<Labelled> Intents(int skip, int intents, int each) =>
        [.. Read("clinc150", "corpus.jsonl").GroupBy(text => text.Label, StringComparer.Ordinal).Skip(skip).Take(intents).SelectMany(intent => intent.Take(each))];

    /// <summary>Queries of clinc150 of the same intents.</summary>
    public static IReadOnlyList<Labelled> QueriesOf(IEnumerable<Labelled> documents)
    {
        var labels = documents.Select(document => document.Label).ToHashSet(StringComparer.Ordinal);
        return [.. Read("clinc150", "queries.jsonl").Where(query => labels.Contains(query.Label))];
    }

    /// <summary>Paragraphs of xquad in a language.</summary>
    public static IReadOnlyList<Labelled> Paragraphs(string language) => Read($"xquad-{language}", "corpus.jsonl");

    /// <summary>Questions of xquad in a language.</summary>
    public static IReadOnlyList<string> Questions(string language) => [.. Read($"xquad-{language}", "queries.jsonl").Select(query => query.Text)];

    /// <summary>Writes the calibration set of some documents: relevant is what has the query's intent.</summary>
    /// <returns>Its name.</returns>
    public static string WriteSet(string folder, IReadOnlyList<Labelled> documents)
    {
        Directory.CreateDirectory(folder);
        var queries = QueriesOf(documents);
        File.WriteAllText(Path.Join(folder, "set.yaml"), $"name: {Path.GetFileName(folder)}\n");
        File.WriteAllLines(Path.Join(folder, "queries.jsonl"), queries.Select(query => JsonSerializer.Serialize(new { id = query.Id, text = query.Text })));
        File.WriteAllLines(
            Path.Join(folder, "qrels.tsv"),
            queries.SelectMany(query => documents.Where(document => document.Label == query.Label).Select(document => $"{query.Id}\t{document.Id}\t1")).Prepend("query-id\tcorpus-id\tscore"));
        return Path.GetFileName(folder);
    }

    private static IReadOnlyList<Labelled> Read(string set, string file) => Files.GetOrAdd(Path.Join(Sets, set, file), static path =>
        [.. File.ReadLines(path).Select(line =>
        {
            using var json = JsonDocument.Parse(line);
            return new Labelled(
                json.RootElement.GetProperty("id").GetString()!, json.RootElement.GetProperty("text").GetString()!,
                json.RootElement.TryGetProperty("label", out var label) ? label.GetString()! : "", json.RootElement.TryGetProperty("domain", out var domain) ? domain.GetString()! : "");
        })]);
}
