using System.Globalization;

namespace DriftGuard.Core.Gate.Conditions;

/// <summary>The documents that the calibration set calls relevant are in the corpus: otherwise its figures mean little.</summary>
internal static class LabelsKnown
{
    /// <summary>Share of relevant documents that may be gone.</summary>
    private const double MissingShare = .05;

    public static GateRow Judge(GateEvidence evidence)
    {
        var labels = evidence.Retrieval.Labels;
        var stale = labels.Missing > MissingShare * labels.Relevant;
        var message = labels.Missing == 0
            ? string.Create(CultureInfo.InvariantCulture, $"all {labels.Relevant} relevant documents are in the corpus")
            : string.Create(CultureInfo.InvariantCulture,
                $"{labels.Missing} of {labels.Relevant} relevant documents are not in the corpus ({string.Join(", ", labels.MissingIds)}); {labels.QueriesWithoutAny} queries have none left");
        return new("labels known", stale ? GateVerdict.Inconclusive : GateVerdict.Pass, stale ? GateReason.LabelsStale : GateReason.LabelsKnown, message)
        {
            Figures = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["relevant"] = labels.Relevant,
                ["missing"] = labels.Missing,
                ["queries_without_any"] = labels.QueriesWithoutAny,
            },
        };
    }
}
