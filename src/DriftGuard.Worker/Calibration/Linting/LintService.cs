using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Linting;
using DriftGuard.Core.Calibration.Power;
using DriftGuard.State;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Calibration.Linting;

/// <summary>What is looked through, and with what.</summary>
/// <param name="SetOrIndex">A set, by name or folder, or an index for its own set.</param>
public sealed record LintRequest(string SetOrIndex)
{
    /// <summary>Results that are looked at for holes unless set.</summary>
    public const int DefaultDepth = 10;

    /// <summary>The index that the set is looked at with; null for none, or for the one that was named instead of a set.</summary>
    public string? Index { get; init; }

    /// <summary>None, or two models that search the set's own corpus.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Differences that power is asked for, in (0, 1).</summary>
    public IReadOnlyList<double> Differences { get; init; } = SetLinter.DefaultDifferences;

    /// <summary>Results of a query that are looked at for holes.</summary>
    public int Depth { get; init; } = DefaultDepth;

    /// <summary>The file that unjudged results are written to; null for none.</summary>
    public string? ExportHoles { get; init; }

    /// <summary>Whether a file that is there is replaced; grades that were filled in go with it.</summary>
    public bool Force { get; init; }

    /// <summary>Seed of their order.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>A set looked through, and what was written of it.</summary>
/// <param name="Report">What was found.</param>
/// <param name="Exported">The unjudged results that were written; null where none were asked for.</param>
public sealed record Linted(LintReport Report, ExportedHoles? Exported);

/// <summary>Unjudged results that were written.</summary>
/// <param name="File">The file.</param>
/// <param name="Rows">Pairs of query and document to judge.</param>
/// <param name="Queries">Queries they belong to.</param>
/// <param name="Seed">Seed of the order.</param>
public sealed record ExportedHoles(string File, int Rows, int Queries, int Seed);

/// <summary>Looks through calibration sets: by themselves, with an index, or with two models.</summary>
public sealed class LintService
{
    private readonly ServingIndexReader indexes;
    private readonly IndexLooker looker;
    private readonly ModelPool models;
    private readonly SetOrIndexReader sets;
    private readonly StateStore state;

    internal LintService(ServingIndexReader indexes, IndexLooker looker, ModelPool models, SetOrIndexReader sets, StateStore state) =>
        (this.indexes, this.looker, this.models, this.sets, this.state) = (indexes, looker, models, sets, state);

    /// <summary>Looks through a set.</summary>
    /// <param name="request">What, and with what.</param>
    /// <param name="progress">Told of a piece of work, of texts done and of how many there are.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="OperatorException">Something that was named is not there, or the file cannot be written.</exception>
    /// <exception cref="CalibrationSetException">The set cannot be read; the message lists everything that is wrong.</exception>
    public async Task<Linted> LookAsync(LintRequest request, Action<string, long, long>? progress, CancellationToken cancellation)
    {
        // Before anything is searched: who waits for that must not hear afterwards that there is no place for it.
        var sheet = request.ExportHoles is { } file ? HoleSheet.At(file, request.Force) : null;
        var (set, named) = await sets.ReadAsync(request.SetOrIndex, cancellation);
        var index = request.Index ?? named;
        var (subject, serving) = (SetLinter.Subject(set), (ServingIndex?)null);
        if (index is not null)
        {
            serving = await indexes.ReadAsync(index, cancellation);
            var look = await looker.LookAsync(serving, set, request.Depth, cancellation);
            subject = subject with { Retrieved = [look.Retrieved], Stale = look.Stale, Documents = Merge(subject.Documents, look.Documents) };
        }

        (subject, var power) = await PowerAsync(request, subject, index, progress, cancellation);
        var report = LintReport.Of(subject, power) with { Index = index, Collection = serving?.Collection };
        return new(report, sheet is null ? null : await ExportAsync(sheet, subject, request.Seed, cancellation));
    }

    /// <summary>With named models the spread is measured; else it is that of a stored evaluation, or a typical one.</summary>
    private async Task<(LintSubject Subject, SetPower Power)> PowerAsync(
        LintRequest request, LintSubject subject, string? index, Action<string, long, long>? progress, CancellationToken cancellation)
    {
        var set = subject.Set;
        if (request.Models is [var first, var second])
        {
            var (sides, spreads) = await MeasureAsync(set, first, second, request.Depth, progress, cancellation);
            subject = subject with { Retrieved = [.. subject.Retrieved, .. sides], Compared = sides };
            return (subject, spreads.Count == 0 ? Typical(request, set)
                : SetPower.Of(set, SpreadSource.Measured, $"measured now: {first} against {second} on the set's own corpus", spreads, request.Differences));
        }

        return await StoredComparison.FindAsync(state, set, index, cancellation) is { } stored
            ? (subject with { Compared = stored.Sides }, SetPower.Of(set, SpreadSource.Evaluation, stored.From, stored.Spreads, request.Differences))
            : (subject, Typical(request, set));
    }

    private static SetPower Typical(LintRequest request, CalibrationSet set) =>
        SetPower.Of(set, SpreadSource.Typical, TypicalSpread.From, TypicalSpread.Spreads, request.Differences);

    private async Task<(IReadOnlyList<RetrievedSide> Sides, IReadOnlyList<DifferenceSpread> Spreads)> MeasureAsync(
        CalibrationSet set, string first, string second, int depth, Action<string, long, long>? progress, CancellationToken cancellation)
    {
        var corpus = set.Corpus ?? throw new OperatorException(OperatorError.Invalid,
            $"calibration set '{set.Name}' has no corpus.jsonl for --models to search; look at it with --index instead");
        var metrics = set.Header.Metrics;
        var deepest = Math.Max(depth, CollectionScorer.DepthOf(metrics));
        var found = new List<IReadOnlyList<IReadOnlyList<string>>>();
        foreach (var name in new[] { first, second })
        {
            var model = models.Get(name);
            var searched = await CorpusSearch.FindAsync(
                model, set, corpus, deepest, done => progress?.Invoke($"embedding {set.Name} with {name}", done, corpus.Count + set.Queries.Count), cancellation);
            found.Add(searched.Found);
        }

        IReadOnlyList<RetrievedSide> sides = [.. found.Zip(new[] { first, second }, (results, name) => new RetrievedSide(name, [.. results.Select(r => (IReadOnlyList<string>)[.. r.Take(depth)])]))];
        if (set.Queries.Count == 0)
        {
            return (sides, []);
        }

        var (old, @new) = (EvaluationFigures.Values(set, metrics, found[0]), EvaluationFigures.Values(set, metrics, found[1]));
        var compared = Evaluator.Compare(set, metrics, old, @new, new());
        return (sides, [.. compared.Metrics.Select(metric => DifferenceSpread.Of(metric.Metric.Name, metric.Result)).OfType<DifferenceSpread>()]);
    }

    private static async Task<ExportedHoles> ExportAsync(HoleSheet sheet, LintSubject subject, int seed, CancellationToken cancellation)
    {
        IReadOnlyList<RetrievedSide> sides = subject.Retrieved.Count > 0 ? subject.Retrieved : subject.Compared;
        if (sides.Count == 0)
        {
            throw new OperatorException(OperatorError.Invalid, "nothing was searched, so there are no unjudged results to export: name an index with --index, or two models with --models");
        }

        var export = HoleExport.Write(subject.Set, sides, subject.Documents ?? new Dictionary<string, string>(StringComparer.Ordinal), sheet.Delimiter, seed);
        await sheet.WriteAsync(export.Content, cancellation);
        return new(sheet.Path, export.Rows, export.Queries, export.Seed);
    }

    /// <summary>What the index holds is what is searched.</summary>
    private static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string>? own, IReadOnlyDictionary<string, string> ofIndex)
    {
        var all = new Dictionary<string, string>(own ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var (id, text) in ofIndex)
        {
            all[id] = text;
        }

        return all;
    }
}
