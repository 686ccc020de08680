using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace DriftGuard.Core.Retrieval;

/// <summary>What a metric counts. The definitions are trec_eval's, besides <see cref="CappedRecall"/>, which is BEIR's R_cap.</summary>
public enum RetrievalMetricKind
{
    /// <summary>Relevant in the first k / R. Its ceiling is k / R where more than k documents are relevant.</summary>
    Recall,

    /// <summary>Relevant in the first k / min(k, R) (Thakur et al. 2021): 1 is always attainable.</summary>
    CappedRecall,

    /// <summary>Relevant in the first k / k, also where fewer were retrieved.</summary>
    Precision,

    /// <summary>1 if a relevant document is among the first k, otherwise 0.</summary>
    Success,

    /// <summary>DCG@k / ideal DCG@k with linear gain (Jarvelin and Kekalainen 2002).</summary>
    Ndcg,

    /// <summary>Average precision over the whole list; its mean is MAP.</summary>
    AveragePrecision,

    /// <summary>1 / rank of the first relevant document, over the whole list; its mean is MRR.</summary>
    ReciprocalRank,
}

/// <summary>A retrieval metric with its cutoff, such as <c>recall_cap@10</c>. Every value lies in [0, 1].</summary>
public sealed record RetrievalMetric
{
    private static readonly (string Name, RetrievalMetricKind Kind)[] AtCutoff =
    [
        ("recall", RetrievalMetricKind.Recall),
        ("recall_cap", RetrievalMetricKind.CappedRecall),
        ("precision", RetrievalMetricKind.Precision),
        ("success", RetrievalMetricKind.Success),
        ("ndcg", RetrievalMetricKind.Ndcg),
    ];

    // trec_eval's own names, so that a set configured for it needs no translation.
    private static readonly (string Name, RetrievalMetricKind Kind)[] TrecAtCutoff =
    [
        ("recall", RetrievalMetricKind.Recall),
        ("recall_cap", RetrievalMetricKind.CappedRecall),
        ("P", RetrievalMetricKind.Precision),
        ("success", RetrievalMetricKind.Success),
        ("ndcg_cut", RetrievalMetricKind.Ndcg),
    ];

    private static readonly (string Name, RetrievalMetricKind Kind)[] WholeList =
    [
        ("map", RetrievalMetricKind.AveragePrecision),
        ("mrr", RetrievalMetricKind.ReciprocalRank),
        ("recip_rank", RetrievalMetricKind.ReciprocalRank),
    ];

    private RetrievalMetric(RetrievalMetricKind kind, int cutoff)
    {
        Kind = kind;
        Cutoff = cutoff;
    }

    /// <summary>What is counted.</summary>
    public RetrievalMetricKind Kind { get; }

    /// <summary>k, at least 1; 0 for the metrics of the whole list (map, mrr).</summary>
    public int Cutoff { get; }

    /// <summary>The first of the two metrics the gate asks by default.</summary>
    public static RetrievalMetric CappedRecallAt10 { get; } = new(RetrievalMetricKind.CappedRecall, 10);

    /// <summary>The second of the two metrics the gate asks by default.</summary>
    public static RetrievalMetric NdcgAt10 { get; } = new(RetrievalMetricKind.Ndcg, 10);

    /// <summary>How many results a search must return for this metric to be exact; null where the whole ranking counts.</summary>
    public int? Depth => Cutoff == 0 ? null : Cutoff;

    /// <summary>The canonical name: <c>recall@k</c>, <c>recall_cap@k</c>, <c>precision@k</c>, <c>success@k</c>, <c>ndcg@k</c>, <c>map</c>, <c>mrr</c>.</summary>
    public string Name
    {
        get
        {
            var kind = Kind;
            return Cutoff == 0
                ? Array.Find(WholeList, entry => entry.Kind == kind).Name
                : string.Create(CultureInfo.InvariantCulture, $"{Array.Find(AtCutoff, entry => entry.Kind == kind).Name}@{Cutoff}");
        }
    }

    /// <summary>Reads a metric's name.</summary>
    /// <param name="name">A canonical name such as <c>ndcg@10</c>, or trec_eval's such as <c>ndcg_cut_10</c>.</param>
    /// <exception cref="FormatException">The name is not a metric; the message lists the forms that are.</exception>
    public static RetrievalMetric Parse(string name) => TryParse(name, out var metric)
        ? metric
        : throw new FormatException(
            $"'{name}' is not a retrieval metric. Expected recall@k, recall_cap@k, precision@k, success@k or ndcg@k with a k of 1 or more, map or mrr.");

    /// <inheritdoc cref="Parse"/>
    public static bool TryParse([NotNullWhen(true)] string? name, [NotNullWhen(true)] out RetrievalMetric? metric)
    {
        metric = null;
        if (string.IsNullOrEmpty(name))
            return false;
        foreach (var (whole, kind) in WholeList)
        {
            if (string.Equals(whole, name, StringComparison.Ordinal))
            {
                metric = new RetrievalMetric(kind, 0);
                return true;
            }
        }

        return TryParseAtCutoff(name, name.LastIndexOf('@'), AtCutoff, out metric)
            || TryParseAtCutoff(name, name.LastIndexOf('_'), TrecAtCutoff, out metric);
    }

    /// <summary>The metric's value for one query.</summary>
    /// <param name="rankedIds">Document ids, best first, each at most once.</param>
    /// <param name="relevant">The query's judgements: document id to grade. Grades below 1 are not relevant.</param>
    /// <returns>A value in [0, 1]; 0 where nothing is relevant.</returns>
    /// <exception cref="ArgumentException">A document is ranked twice.</exception>
    public double Evaluate(IReadOnlyList<string> rankedIds, IReadOnlyDictionary<string, int> relevant) =>
        Evaluate(JudgedRanking.Judge(rankedIds, relevant));

    /// <summary>The metric's value for one judged ranking: judging once serves every metric.</summary>
    public double Evaluate(JudgedRanking ranking) => Kind switch
    {
        RetrievalMetricKind.Recall => ranking.RelevantWithin(Cutoff) / (double)Math.Max(1, ranking.Relevant),
        RetrievalMetricKind.CappedRecall => ranking.RelevantWithin(Cutoff) / (double)Math.Max(1, Math.Min(Cutoff, ranking.Relevant)),
        RetrievalMetricKind.Precision => ranking.RelevantWithin(Cutoff) / (double)Cutoff,
        RetrievalMetricKind.Success => ranking.RelevantWithin(Cutoff) > 0 ? 1 : 0,
        RetrievalMetricKind.Ndcg => ranking.Ndcg(Cutoff),
        RetrievalMetricKind.AveragePrecision => ranking.AveragePrecision(),
        RetrievalMetricKind.ReciprocalRank => ranking.ReciprocalRank(),
        _ => throw new InvalidOperationException($"The metric kind {Kind} has no definition."),
    };

    /// <inheritdoc cref="Name"/>
    public override string ToString() => Name;

    private static bool TryParseAtCutoff(
        string name, int separator, (string Name, RetrievalMetricKind Kind)[] names, [NotNullWhen(true)] out RetrievalMetric? metric)
    {
        metric = null;
        if (separator <= 0
            || !int.TryParse(name.AsSpan(separator + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var cutoff)
            || cutoff < 1)
        {
            return false;
        }

        foreach (var (known, kind) in names)
        {
            if (name.AsSpan(0, separator).SequenceEqual(known))
            {
                metric = new RetrievalMetric(kind, cutoff);
                return true;
            }
        }

        return false;
    }
}
