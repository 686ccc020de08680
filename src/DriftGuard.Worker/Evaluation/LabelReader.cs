using System.Globalization;
using DriftGuard.Core.Calibration;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Qdrant;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Evaluation;

/// <summary>Looks up which of a calibration set's relevant documents a collection holds, and where.</summary>
internal sealed class LabelReader(QdrantStore qdrant)
{
    private const int IdsAPage = 500;

    /// <summary>
    /// Points of the relevant documents by document id: by the point id that a load gives them, and by the id field, which may name
    /// several points that are pieces of one document.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<PointId>>> FindAsync(
        string collection, CalibrationSet set, IEnumerable<string> documentIds, CancellationToken cancellation)
    {
        var ids = new DocumentIds(set);
        var found = new Dictionary<string, HashSet<PointId>>(StringComparer.Ordinal);
        foreach (var page in documentIds.Distinct(StringComparer.Ordinal).Chunk(IdsAPage))
        {
            var points = page.Select(PointId.FromText).ToHashSet();
            foreach (var point in await qdrant.RetrieveAsync(collection, points, new(ids.Payload), cancellation))
            {
                Add(point);
            }

            if (set.Header.IdField is { } field)
            {
                await foreach (var more in qdrant.ScrollRangeAsync(collection, PointId.First, null, IdsAPage, new(ids.Payload), FieldIs(field, page), cancellation))
                {
                    foreach (var point in more.Points)
                    {
                        Add(point);
                    }
                }
            }
        }

        var wanted = documentIds.ToHashSet(StringComparer.Ordinal);
        return found.Where(f => wanted.Contains(f.Key)).ToDictionary(f => f.Key, IReadOnlyList<PointId> (f) => [.. f.Value.Order()], StringComparer.Ordinal);

        void Add(RetrievedPoint point)
        {
            var id = WireForms.IdOf(point);
            var document = ids.Of(id, point.Payload);
            if (!found.TryGetValue(document, out var of))
            {
                found[document] = of = [];
            }

            of.Add(id);
        }
    }

    /// <summary>The relevant documents that are not there.</summary>
    public async Task<StaleLabels> StaleAsync(string collection, CalibrationSet set, CancellationToken cancellation)
    {
        var known = await FindAsync(collection, set, RelevantOf(set), cancellation);
        return StaleLabels.Find(set, known.ContainsKey);
    }

    /// <summary>The queries of a set whose relevant documents are all there, and the relevant documents that are not.</summary>
    public async Task<(CalibrationSet Whole, StaleLabels Stale)> IntactAsync(string collection, CalibrationSet set, CancellationToken cancellation)
    {
        var there = await FindAsync(collection, set, RelevantOf(set), cancellation);
        return (set.Only(query => set.Qrels.RelevantTo(query.Id).All(there.ContainsKey)), StaleLabels.Find(set, there.ContainsKey));
    }

    /// <summary>The relevant documents that are not there, of a set that has some which are.</summary>
    /// <exception cref="OperatorException">None of them is there: the set belongs to another corpus, or its ids to another field.</exception>
    public async Task<StaleLabels> RequireAnyAsync(string collection, CalibrationSet set, CancellationToken cancellation)
    {
        if (set.Queries.Count == 0)
        {
            throw new OperatorException(OperatorError.Inconclusive,
                $"inconclusive: calibration set '{set.Name}' has no query with a relevant document, so that nothing can be measured by it. Add {MatchesOrBeatsRule.MinimumGroups} or more, of different documents");
        }

        var stale = await StaleAsync(collection, set, cancellation);
        return stale.Missing < stale.Relevant ? stale : throw new OperatorException(OperatorError.Inconclusive,
            $"inconclusive: none of the {stale.Relevant} relevant documents of calibration set '{set.Name}' is in {collection} (first: {string.Join(", ", stale.MissingIds.Take(3))}). "
            + $"Its ids must be the point ids, or stand in the payload under the key that set.yaml names as id_field ({set.Header.IdField ?? "not set"}). "
            + "If the documents are gone, label queries of documents that are there");
    }

    /// <summary>Every document that some query's judgements call relevant.</summary>
    public static IReadOnlyList<string> RelevantOf(CalibrationSet set) =>
        [.. set.Queries.SelectMany(query => set.Qrels.RelevantTo(query.Id)).Distinct(StringComparer.Ordinal)];

    /// <summary>An id field holds texts or whole numbers.</summary>
    private static Filter FieldIs(string field, string[] ids)
    {
        var filter = new Filter { Should = { new Condition { Field = new() { Key = field, Match = new() { Keywords = new() { Strings = { ids } } } } } } };
        var numbers = ids.Select(id => (Whole: long.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number), number)).Where(n => n.Whole).Select(n => n.number).ToList();
        if (numbers.Count > 0)
        {
            filter.Should.Add(new Condition { Field = new() { Key = field, Match = new() { Integers = new() { Integers = { numbers } } } } });
        }

        return filter;
    }
}
