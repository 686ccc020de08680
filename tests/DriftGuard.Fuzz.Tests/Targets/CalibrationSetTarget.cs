using DriftGuard.Core.Calibration;
using DriftGuard.Worker;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Calibration.Building;
using DriftGuard.Worker.Calibration.Editing;

namespace DriftGuard.Fuzz.Tests.Targets;

/// <summary>
/// Calibration sets: the files of a set are loaded; tables, logs and BEIR folders are built into one; queries and judgements are added to it.
/// An input is some of these files, see <see cref="Parts"/>.
/// </summary>
internal static class CalibrationSetTarget
{
    private const string Set = "set";
    private const string NewQueries = "new-queries.jsonl";
    private const string Judgements = "judgements.csv";

    private static readonly string Folder = TemporaryFolder.Of("calibration");
    private static readonly string[] OfTheSet = [CalibrationSetFiles.Header, CalibrationSetFiles.Queries, CalibrationSetFiles.Qrels, CalibrationSetFiles.Corpus, CalibrationSetFiles.Pairs];
    private static readonly string[] Sources = ["table.csv", "table.tsv", "log.jsonl"];
    private static readonly string[] OfBeir = ["beir/queries.jsonl", "beir/qrels/test.tsv", "beir/corpus.jsonl"];
    private static readonly string[] Known = [.. OfTheSet, .. Sources, .. OfBeir, NewQueries, Judgements];

    public static void Run(ReadOnlySpan<byte> input)
    {
        TemporaryFolder.Empty(Folder);
        var files = Parts.Of(input, Known);
        foreach (var (name, content) in files)
        {
            var path = Path.Join(Folder, OfTheSet.Contains(name, StringComparer.Ordinal) ? Path.Join(Set, name) : name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }

        if (files.ContainsKey(CalibrationSetFiles.Header))
            Answer(() => CalibrationSetFolder.Load(Path.Join(Folder, Set)));
        foreach (var source in Sources.Where(files.ContainsKey))
            Build(Path.Join(Folder, source));
        if (OfBeir.Any(files.ContainsKey))
            Build(Path.Join(Folder, "beir"));
        var editor = new SetEditor(new CalibrationSets([Folder]));
        if (files.ContainsKey(NewQueries))
            Answer(() => editor.AddQueriesAsync(Set, new(Path.Join(Folder, NewQueries)), replace: true, default).GetAwaiter().GetResult());
        if (files.ContainsKey(Judgements))
            Answer(() => editor.AddJudgementsAsync(Set, Path.Join(Folder, Judgements), replace: true, default).GetAwaiter().GetResult());
    }

    private static void Build(string source)
    {
        foreach (var withCorpus in new[] { false, true })
        {
            var target = new SetTarget(Path.Join(Folder, "built")) { Force = true };
            Answer(() => CalibrationSetBuilder.BuildAsync(new(source) { WithCorpus = withCorpus }, target, new DateOnly(2026, 1, 1), default).GetAwaiter().GetResult());
        }
    }

    private static void Answer(Action act)
    {
        try
        {
            act();
        }
        catch (CalibrationSetException refused)
        {
            if (refused.Problems.Count == 0 || refused.Problems.Any(problem => string.IsNullOrWhiteSpace(problem.Message)))
                throw new FindingException("refused, and it is not said why", refused);
        }
        catch (OperatorException refused)
        {
            if (string.IsNullOrWhiteSpace(refused.Message))
                throw new FindingException("refused, and it is not said why", refused);
        }
    }
}
