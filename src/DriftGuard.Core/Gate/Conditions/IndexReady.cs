using System.Globalization;

namespace DriftGuard.Core.Gate.Conditions;

/// <summary>Green's approximate index is built, and finds what exact search finds.</summary>
internal static class IndexReady
{
    public static GateRow Judge(GateEvidence evidence)
    {
        var seen = evidence.Index;
        var recall = string.Create(CultureInfo.InvariantCulture,
            $"approximate search returns {seen.AnnRecall:0.000} of the exact first {seen.K} over {seen.Queries} queries (floor {seen.AnnRecallFloor:0.000})");
        var (verdict, reason, message) = seen switch
        {
            { Ready: false } => (GateVerdict.Fail, GateReason.IndexNotReady, seen.Message),
            { Queries: 0 } => (GateVerdict.Inconclusive, GateReason.TooFewQueries, "no queries to compare approximate with exact search"),
            _ when !(seen.AnnRecall >= seen.AnnRecallFloor) => (GateVerdict.Fail, GateReason.AnnRecallLow, recall + "; raise hnsw_config.ef_construct or m"),
            _ => (GateVerdict.Pass, GateReason.IndexReady, $"{seen.Message}; {recall}"),
        };
        return new("index ready", verdict, reason, message)
        {
            Threshold = string.Create(CultureInfo.InvariantCulture, $"built, and at least {seen.AnnRecallFloor:0.000} of the exact first {seen.K}"),
            Figures = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["ann_recall"] = seen.AnnRecall,
                ["ann_recall_floor"] = seen.AnnRecallFloor,
                ["k"] = seen.K,
                ["queries"] = seen.Queries,
            },
        };
    }
}
