using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Building;
using DriftGuard.Core.Text;

namespace DriftGuard.Worker.Calibration.Building;

/// <summary>Reads a source into a draft.</summary>
internal static class SourceReader
{
    private const int ProblemsShown = 20;

    /// <summary>Reads it; documents of a BEIR folder are not in the draft, see <see cref="BeirCorpus"/>.</summary>
    /// <exception cref="OperatorException">It cannot be read, or something in it is wrong; the message lists what.</exception>
    public static async Task<CalibrationSetDraft> ReadAsync(SetSource source, SourceFormat format, CancellationToken cancellation) => format switch
    {
        SourceFormat.Beir => await BeirAsync(source, cancellation),
        SourceFormat.Log => await LogAsync(source, cancellation),
        _ => await TableAsync(source, cancellation),
    };

    /// <summary>A refusal that lists what is wrong; null where nothing is.</summary>
    public static OperatorException? Refusal(string source, IReadOnlyList<CalibrationProblem> problems)
    {
        var errors = problems.Where(problem => problem.Severity == CalibrationProblemSeverity.Error).ToList();
        return errors.Count == 0 ? null : new(
            OperatorError.Invalid,
            $"{source} has {errors.Count} {(errors.Count == 1 ? "problem" : "problems")}, nothing was written:\n  {string.Join("\n  ", errors.Take(ProblemsShown))}"
            + (errors.Count > ProblemsShown ? $"\n  and {errors.Count - ProblemsShown} more" : ""));
    }

    private static async Task<CalibrationSetDraft> TableAsync(SetSource source, CancellationToken cancellation)
    {
        if (Directory.Exists(source.Path))
        {
            throw new OperatorException(OperatorError.Invalid, $"{source.Path} is a folder; a table is a file");
        }

        var table = DelimitedText.Read(await SourceFile.ReadAsync(source.Path, cancellation));
        var draft = TableImport.Read(Path.GetFileName(source.Path), table, source.Columns, source.Separator, out var problems);
        return Refusal(source.Path, problems) is { } refusal ? throw refusal : draft;
    }

    private static async Task<CalibrationSetDraft> BeirAsync(SetSource source, CancellationToken cancellation)
    {
        var queries = SourceFile.Find(source.Path, "queries.jsonl")
            ?? throw new OperatorException(OperatorError.NotFound, $"{source.Path} has no queries.jsonl (or queries.jsonl.gz); expected a BEIR folder");
        var qrels = SourceFile.Find(source.Path, Path.Join("qrels", source.Split + ".tsv"), "qrels.tsv") ?? throw new OperatorException(
            OperatorError.NotFound, $"{source.Path} has no judgements of split '{source.Split}': expected qrels/{source.Split}.tsv or qrels.tsv; it has {Splits(source.Path)}. Name another with --split");
        var draft = BeirImport.Read(
            Path.GetFileName(queries), await SourceFile.ReadAsync(queries, cancellation), Path.GetRelativePath(source.Path, qrels), await SourceFile.ReadAsync(qrels, cancellation), out var problems);
        return Refusal(source.Path, problems) is { } refusal ? throw refusal : draft;
    }

    private static string Splits(string folder) =>
        Directory.Exists(Path.Join(folder, "qrels")) && Directory.GetFiles(Path.Join(folder, "qrels")) is { Length: > 0 } files
            ? string.Join(", ", files.Select(Path.GetFileName).Order(StringComparer.Ordinal))
            : "no folder qrels";

    private static async Task<CalibrationSetDraft> LogAsync(SetSource source, CancellationToken cancellation)
    {
        var (searches, problems) = (new List<LoggedSearch>(), new List<CalibrationProblem>());
        await foreach (var (number, line) in SourceFile.LinesAsync(source.Path, cancellation))
        {
            try
            {
                searches.Add(LoggedSearch.Parse(number, line));
            }
            catch (FormatException problem)
            {
                problems.Add(new(CalibrationProblemSeverity.Error, Path.GetFileName(source.Path), number, problem.Message));
            }
        }

        return Refusal(source.Path, problems) is { } refusal ? throw refusal : ClickLabels.Of(searches, source.Clicks);
    }
}
