using System.Security.Cryptography;
using System.Text;
using DriftGuard.Core.Calibration;
using DriftGuard.Core.Drift.Queries;

namespace DriftGuard.Worker.Drift.Baselines;

/// <summary>What an index was like when it was taken to be good: what later checks compare with.</summary>
public sealed record DriftBaseline
{
    /// <summary>Identity in the state.</summary>
    public required string Id { get; init; }

    /// <summary>The index.</summary>
    public required string Index { get; init; }

    /// <summary>The fingerprint of the model that served it.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The collection that served it.</summary>
    public required string Collection { get; init; }

    /// <summary><c>cutover</c>, <c>requested</c> or <c>first_check</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>When it was taken.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Points of the collection.</summary>
    public required long Points { get; init; }

    /// <summary>What the collection was declared as.</summary>
    public required SchemaBaseline Schema { get; init; }

    /// <summary>Each query of the calibration set as it scored; null where no set could be scored, see <see cref="Missing"/>.</summary>
    public QualityBaseline? Quality { get; init; }

    /// <summary>The queries; null where there were none.</summary>
    public QuerySample? Queries { get; init; }

    /// <summary>The documents; null where there were too few.</summary>
    public DocumentSample? Documents { get; init; }

    /// <summary>What is not in it, and why.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];
}

/// <summary>What a collection was declared as.</summary>
/// <param name="Dimensions">Length of its vectors.</param>
/// <param name="Distance">How they are compared, as Qdrant names it.</param>
/// <param name="PayloadIndexes">Its payload indexes: field and type.</param>
public sealed record SchemaBaseline(int Dimensions, string Distance, IReadOnlyDictionary<string, string> PayloadIndexes);

/// <summary>A calibration set's scores by query.</summary>
/// <param name="CalibrationSet">Name or path of the set, as the index has it.</param>
/// <param name="Metrics">Names of the metrics, in the order of every list of values.</param>
/// <param name="Queries">Values by query id.</param>
/// <param name="Judgements">Digest of each query's text and judgements, by its id: what was judged anew since does not compare.</param>
public sealed record QualityBaseline(
    string CalibrationSet, IReadOnlyList<string> Metrics, IReadOnlyDictionary<string, IReadOnlyList<double>> Queries, IReadOnlyDictionary<string, string> Judgements)
{
    /// <summary>Digest of a query's text and judgements.</summary>
    public static string DigestOf(CalibrationSet set, CalibrationQuery query)
    {
        var judged = set.Qrels[query.Id].OrderBy(judgement => judgement.Key, StringComparer.Ordinal).Select(judgement => FormattableString.Invariant($"{judgement.Key}\t{judgement.Value}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{query.Text}\n{string.Join('\n', judged)}")).AsSpan(0, 8));
    }
}

/// <summary>Queries of a baseline.</summary>
/// <param name="Source"><c>observed</c>: what was asked; <c>calibration</c>: the set's queries, where nothing was observed yet.</param>
/// <param name="Baseline">Vectors, bandwidth and the threshold of coverage.</param>
/// <param name="MedianBestScore">Median of the best scores; higher is nearer.</param>
public sealed record QuerySample(string Source, QueryBaseline Baseline, double MedianBestScore)
{
    /// <summary>The <see cref="Source"/> of queries that were asked.</summary>
    public const string Observed = "observed";
}

/// <summary>Documents of a baseline.</summary>
/// <param name="Vectors">A systematic sample of the stored vectors.</param>
/// <param name="Bandwidth">Median distance of two of them.</param>
/// <param name="Seed">Seed of the sample.</param>
public sealed record DocumentSample(IReadOnlyList<float[]> Vectors, double Bandwidth, int Seed);
