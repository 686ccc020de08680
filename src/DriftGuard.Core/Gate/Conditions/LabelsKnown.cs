using System.Globalization;
using DriftGuard.Core.Gate.MatchesOrBeats;

namespace DriftGuard.Core.Gate.Conditions;

/// <summary>
/// The documents that the calibration set calls relevant are in the corpus, and searches find some of them: otherwise its figures mean
/// little, and two sides that both score nothing look alike.
/// </summary>
internal static class LabelsKnown
{
    /// <summary>Share of relevant documents that may be gone.</summary>
    private const double MissingShare = .05;

    public static GateRow Judge(GateEvidence evidence)
    {
        var labels = evidence.Retrieval.Labels;
        var stale = labels.Missing > MissingShare * labels.Relevant;
        var noQueries = evidence.Retrieval.Decision.Metrics.All(m => m.Result.Queries == 0);
        var neverFound = evidence.Retrieval.Decision.Metrics.All(m => m.Result is { MeanOld: 0, MeanNew: 0 });
        var message = noQueries
            ? $"the calibration set has no query with a relevant document: add {MatchesOrBeatsRule.MinimumGroups} or more, of different documents"
            : labels.Missing == labels.Relevant
            ? $"none of the {labels.Relevant} relevant documents is in the corpus any more ({string.Join(", ", labels.MissingIds)}): label queries of documents that are"
            : neverFound
            ? "no query finds a relevant document on either side: the ids of the judgements and those of the points do not go together (id_field of set.yaml)"
            : labels.Missing == 0
            ? string.Create(CultureInfo.InvariantCulture, $"all {labels.Relevant} relevant documents are in the corpus")
            : string.Create(CultureInfo.InvariantCulture,
                $"{labels.Missing} of {labels.Relevant} relevant documents are not in the corpus ({string.Join(", ", labels.MissingIds)}); {labels.QueriesWithoutAny} queries have none left");
        var (verdict, reason) = noQueries ? (GateVerdict.Inconclusive, GateReason.NoQueries)
            : stale ? (GateVerdict.Inconclusive, GateReason.LabelsStale)
            : neverFound ? (GateVerdict.Inconclusive, GateReason.LabelsNeverFound)
            : (GateVerdict.Pass, GateReason.LabelsKnown);
        return new("labels known", verdict, reason, message)
        {
            Threshold = string.Create(CultureInfo.InvariantCulture, $"at most {100 * MissingShare:0} % of the relevant documents missing, and some query finds one"),
            Figures = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["relevant"] = labels.Relevant,
                ["missing"] = labels.Missing,
                ["queries_without_any"] = labels.QueriesWithoutAny,
            },
        };
    }
}
