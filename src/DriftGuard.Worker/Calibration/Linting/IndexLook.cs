using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Linting;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Calibration.Linting;

/// <summary>What an index shows of a set: what its searches find, which labels are stale, and the texts of both.</summary>
/// <param name="Retrieved">What the collection that serves finds, as users search.</param>
/// <param name="Stale">Relevant documents that it does not hold.</param>
/// <param name="Documents">Texts of the relevant and the found documents, by id.</param>
internal sealed record IndexLook(RetrievedSide Retrieved, StaleLabels Stale, IReadOnlyDictionary<string, string> Documents);

/// <summary>Looks at an index with a set.</summary>
internal sealed class IndexLooker(ModelPool models, CollectionScorer scorer, LabelReader labels, DocumentTexts texts, IndexCorpora corpora)
{
    /// <summary>Searches with all queries and reads what they should and do find.</summary>
    public async Task<IndexLook> LookAsync(ServingIndex index, CalibrationSet set, int depth, CancellationToken cancellation)
    {
        var model = index.RequireModel();
        var found = set.Queries.Count == 0 ? []
            : await scorer.SearchAsUsersAsync(index.Collection, index.Definition.Vector, models.Get(model, index.Fingerprint), set, depth, cancellation);
        IReadOnlyList<IReadOnlyList<string>> first = [.. found.Select(results => (IReadOnlyList<string>)[.. results.Take(depth)])];
        var named = LabelReader.RelevantOf(set).Concat(first.SelectMany(results => results)).Distinct(StringComparer.Ordinal).ToList();
        var points = await labels.FindAsync(index.Collection, set, named, cancellation);
        return new(
            new($"{model} in {index.Collection}", first),
            StaleLabels.Find(set, points.ContainsKey),
            await texts.ReadAsync(index.Collection, points, corpora.Of(index.Definition), cancellation));
    }
}
