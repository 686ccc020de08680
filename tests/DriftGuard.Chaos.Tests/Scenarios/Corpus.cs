using System.Globalization;

namespace DriftGuard.Chaos.Tests.Scenarios;

/// <summary>
/// The documents that the calibration set judges, which no writer touches: the gate has to say the same whatever goes on. A query for each.
/// </summary>
internal static class Corpus
{
    public const string Set = "judged";
    public const string File = "corpus.jsonl";
    private const int Documents = 40; // few: a gate is to come to its end between two kills
    private const int Themes = 20;

    public static void Write(string folder)
    {
        var all = Enumerable.Range(1, Documents).ToList();
        var set = Directory.CreateDirectory(Path.Join(folder, "sets", Set)).FullName;
        System.IO.File.WriteAllText(Path.Join(set, "set.yaml"), $"name: {Set}\n");
        System.IO.File.WriteAllLines(Path.Join(set, "queries.jsonl"), all.Select(d => string.Create(CultureInfo.InvariantCulture, $$"""{"id": "q{{d}}", "text": "word{{d}} term{{d}}"}""")));
        System.IO.File.WriteAllLines(Path.Join(set, "qrels.tsv"), all.Select(d => string.Create(CultureInfo.InvariantCulture, $"q{d}\t{d}\t1")).Prepend("query-id\tcorpus-id\tscore"));
        System.IO.File.WriteAllLines(Path.Join(folder, File), all.Select(d => string.Create(CultureInfo.InvariantCulture, $$"""{"id": "{{d}}", "text": "word{{d}} term{{d}} theme{{d % Themes}}"}""")));
    }
}
