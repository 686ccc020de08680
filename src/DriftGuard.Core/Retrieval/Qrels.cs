using System.Diagnostics.CodeAnalysis;

namespace DriftGuard.Core.Retrieval;

/// <summary>Judgements: for each query the grades of its judged documents. Queries keep the order they were given in.</summary>
public sealed class Qrels
{
    private readonly Dictionary<string, IReadOnlyDictionary<string, int>> judgements = new(StringComparer.Ordinal);
    private readonly List<string> queryIds = [];

    /// <param name="judgements">Query id to (document id to grade). A query with no judgement at all is not judged and left out, as in trec_eval.</param>
    /// <exception cref="ArgumentException">A query appears twice.</exception>
    public Qrels(IEnumerable<KeyValuePair<string, IReadOnlyDictionary<string, int>>> judgements)
    {
        foreach (var (queryId, documents) in judgements)
        {
            if (documents.Count == 0)
                continue;
            if (!this.judgements.TryAdd(queryId, documents))
                throw new ArgumentException($"Query '{queryId}' has two sets of judgements; give it one.", nameof(judgements));
            queryIds.Add(queryId);
        }
    }

    /// <summary>The judged queries, in order.</summary>
    public IReadOnlyList<string> QueryIds => queryIds;

    /// <summary>The judgements of one query: document id to grade.</summary>
    /// <exception cref="KeyNotFoundException">The query is not judged.</exception>
    public IReadOnlyDictionary<string, int> this[string queryId] => judgements.TryGetValue(queryId, out var documents)
        ? documents
        : throw new KeyNotFoundException($"Query '{queryId}' has no judgements.");

    /// <summary>Ids of the documents that are relevant to a query, graded 1 or more, in the order of its judgements.</summary>
    /// <exception cref="KeyNotFoundException">The query is not judged.</exception>
    public IEnumerable<string> RelevantTo(string queryId) => this[queryId].Where(judgement => judgement.Value >= 1).Select(judgement => judgement.Key);

    /// <summary>Finds the judgements of one query.</summary>
    public bool TryGet(string queryId, [NotNullWhen(true)] out IReadOnlyDictionary<string, int>? documents) =>
        judgements.TryGetValue(queryId, out documents);
}
