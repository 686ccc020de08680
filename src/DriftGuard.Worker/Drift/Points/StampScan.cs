using DriftGuard.Core.Drift.Findings;
using DriftGuard.Core.Points;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Drift.Points;

/// <summary>
/// Reads stamps and texts of a whole collection, or of a sample: what contradicts itself there needs no embedding to be seen. Whether it does
/// harm is another question, for which the ids are kept.
/// </summary>
internal sealed class StampScan
{
    private const int PointsAPage = 1_000;
    private const int IdsKept = 100;
    private const int IdsShown = 5;

    private readonly string fingerprint;
    private readonly Kind unstamped = new(), foreign = new(), edited = new(), payload = new(), replaced = new(), pending = new();
    private readonly Dictionary<string, long> fingerprints = new(StringComparer.Ordinal);
    private long points;
    private Revision? oldestBad;

    private StampScan(string fingerprint) => this.fingerprint = fingerprint;

    /// <summary>Points with a whole stamp.</summary>
    public long Stamped => points - unstamped.Points;

    /// <summary>The revision of the oldest point whose stamp contradicts it; null if there is none.</summary>
    public Revision? OldestBad => oldestBad;

    /// <summary>Ids of points that are to be read again and embedded.</summary>
    public IReadOnlyList<PointId> Suspects => [.. unstamped.Ids.Concat(foreign.Ids).Concat(edited.Ids).Concat(replaced.Ids).Distinct().Order()];

    /// <summary>Reads the whole collection.</summary>
    public static async Task<StampScan> WholeAsync(QdrantStore qdrant, string collection, string fingerprint, IndexCorpus corpus, CancellationToken cancellation)
    {
        var scan = new StampScan(fingerprint);
        await foreach (var page in qdrant.ScrollRangeAsync(collection, PointId.First, null, PointsAPage, ReadShape.WholePayload, null, cancellation))
        {
            var texts = await corpus.Source.TextsAsync(page.Points, cancellation);
            for (var i = 0; i < texts.Count; i++)
            {
                var point = page.Points[i];
                scan.Add(new(WireForms.IdOf(point), texts[i].Text, null, StampPayload.Read(point.Payload), point.Payload));
            }
        }

        return scan;
    }

    /// <summary>Looks at a sample.</summary>
    public static StampScan OfSample(IEnumerable<SampledDocument> sample, string fingerprint)
    {
        var scan = new StampScan(fingerprint);
        foreach (var document in sample)
        {
            scan.Add(document);
        }

        return scan;
    }

    /// <summary>Adds what only vectors tell, which a scan of the whole collection does not read.</summary>
    public void AddVectors(IEnumerable<SampledDocument> sample)
    {
        foreach (var document in sample.Where(document => document.IsVectorReplaced))
        {
            Bad(replaced, document);
        }
    }

    /// <summary>What was found, with what became of the suspects.</summary>
    /// <param name="whole">Whether the whole collection was read.</param>
    /// <param name="verified">Suspects that were read again, and whether their vector is not that of their text.</param>
    /// <param name="firstBadWriter">When the writer of <see cref="OldestBad"/> had started.</param>
    public StampCensus Census(bool whole, IReadOnlyDictionary<PointId, bool> verified, DateTimeOffset? firstBadWriter) => new()
    {
        Points = points,
        Whole = whole,
        Unstamped = unstamped.Count(verified),
        ForeignFingerprint = foreign.Count(verified),
        Fingerprints = fingerprints,
        TextEdited = edited.Count(verified),
        PayloadEdited = payload.Count(verified),
        VectorReplaced = replaced.Count(verified),
        Pending = pending.Count(verified),
        FirstBadWriter = firstBadWriter,
    };

    private void Add(SampledDocument document)
    {
        points++;
        if (document.Stamp is not { } stamp)
        {
            unstamped.Add(document.Id);
            return;
        }

        if (stamp.Pending is not null)
        {
            Bad(pending, document);
        }

        if (stamp.Fingerprint != fingerprint)
        {
            fingerprints[stamp.Fingerprint] = fingerprints.GetValueOrDefault(stamp.Fingerprint) + 1;
            Bad(foreign, document);
        }

        if (document.IsTextEdited)
        {
            Bad(edited, document);
        }
        else if (PayloadHash.Of(document.Payload) != stamp.PayloadHash)
        {
            payload.Add(document.Id);
        }

        if (document.IsVectorReplaced)
        {
            Bad(replaced, document);
        }
    }

    private void Bad(Kind kind, SampledDocument document)
    {
        kind.Add(document.Id);
        if (document.Stamp is { } stamp && (oldestBad is null || stamp.Revision < oldestBad))
        {
            oldestBad = stamp.Revision;
        }
    }

    private sealed class Kind
    {
        public long Points { get; private set; }

        public List<PointId> Ids { get; } = [];

        public void Add(PointId id)
        {
            Points++;
            if (Ids.Count < IdsKept)
            {
                Ids.Add(id);
            }
        }

        public PointCount Count(IReadOnlyDictionary<PointId, bool> verified)
        {
            var looked = Ids.Where(verified.ContainsKey).ToList();
            var wrong = looked.Where(id => verified[id]).ToList();
            return new(Points, [.. (wrong.Count > 0 ? wrong : Ids).Order().Take(IdsShown).Select(id => id.ToString())])
            {
                Checked = looked.Count == 0 ? null : looked.Count,
                Wrong = wrong.Count,
            };
        }
    }
}
