using System.Globalization;

namespace DriftGuard.Core.Gate.Conditions;

/// <summary>Right dimension, finite, unit length where the spec says so, as stamped, no zero, no collapse.</summary>
internal static class HealthyVectors
{
    /// <summary>Above this length of the mean unit vector nearly all vectors point the same way.</summary>
    private const double CollapsedLength = .99;

    /// <summary>Share of vectors that may also belong to another text.</summary>
    private const double SharedShare = .05;

    public static GateRow Judge(GateEvidence evidence)
    {
        var seen = evidence.Vectors;
        var bad = seen.WrongDimension + seen.NotFinite + seen.Zero + seen.NotUnit + seen.SketchMismatch;
        var (verdict, reason, message) = seen switch
        {
            { Examined: 0 } => (GateVerdict.Inconclusive, GateReason.NoVectors, "green holds no vectors to look at"),
            _ when bad > 0 => (GateVerdict.Fail, GateReason.VectorsUnhealthy,
                $"{bad} of {seen.Examined} vectors: {seen.WrongDimension} of a wrong dimension, {seen.NotFinite} not finite, {seen.Zero} zero, "
                + $"{seen.NotUnit} not of unit length, {seen.SketchMismatch} changed after they were stamped; first: {string.Join(", ", seen.FirstBad)}"),
            { Examined: > 1 } when seen.MeanResultantLength > CollapsedLength || seen.SharedByOtherText > SharedShare * seen.Examined =>
                (GateVerdict.Fail, GateReason.VectorsCollapsed, string.Create(CultureInfo.InvariantCulture,
                    $"vectors have collapsed: the mean of the unit vectors has length {seen.MeanResultantLength:0.000}, {seen.SharedByOtherText} of {seen.Examined} vectors belong to several texts")),
            _ => (GateVerdict.Pass, GateReason.VectorsHealthy, string.Create(CultureInfo.InvariantCulture,
                $"{seen.Examined} vectors read back, none bad; length of their mean {seen.MeanResultantLength:0.000}")),
        };
        return new("healthy vectors", verdict, reason, message)
        {
            Threshold = string.Create(CultureInfo.InvariantCulture,
                $"0 bad, length of the mean at most {CollapsedLength:0.00}, at most {100 * SharedShare:0} % of the vectors shared by several texts"),
            Figures = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["examined"] = seen.Examined,
                ["wrong_dimension"] = seen.WrongDimension,
                ["not_finite"] = seen.NotFinite,
                ["zero"] = seen.Zero,
                ["not_unit"] = seen.NotUnit,
                ["sketch_mismatch"] = seen.SketchMismatch,
                ["shared_by_other_text"] = seen.SharedByOtherText,
                ["mean_resultant_length"] = seen.MeanResultantLength,
            },
        };
    }
}
