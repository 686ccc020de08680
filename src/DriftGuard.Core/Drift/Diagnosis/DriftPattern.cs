using System.Globalization;
using DriftGuard.Core.Drift.Findings;
using DriftGuard.Core.Text;

namespace DriftGuard.Core.Drift.Diagnosis;

/// <summary>Everything that a diagnosis goes by.</summary>
/// <param name="Index">Name of the index.</param>
/// <param name="Results">What each detector answered.</param>
/// <param name="LastGood">When each detector last found nothing; one that never did is not in it.</param>
public sealed record DriftPattern(string Index, IReadOnlyList<DetectorResult> Results, IReadOnlyDictionary<Detector, DateTimeOffset> LastGood)
{
    /// <summary>The model detector's findings; null if it did not run or saw nothing.</summary>
    public ModelFindings? Model => Of(Detector.Model)?.Model;

    /// <summary>The index detector's findings.</summary>
    public IndexFindings? IndexPoints => Of(Detector.Index)?.Index;

    /// <summary>The quality detector's findings.</summary>
    public QualityFindings? Quality => Of(Detector.Quality)?.Quality;

    /// <summary>The data detector's findings.</summary>
    public DataFindings? Data => Of(Detector.Data)?.Data;

    /// <summary>The schema detector's findings.</summary>
    public SchemaFindings? Schema => Of(Detector.Schema)?.Schema;

    /// <summary>A detector's answer; null if it did not run.</summary>
    public DetectorResult? Of(Detector detector) => Results.FirstOrDefault(result => result.Detector == detector);

    /// <summary>Whether a detector found drift.</summary>
    public bool Drifts(Detector detector) => Of(detector)?.Verdict.IsDrift() == true;

    /// <summary>A share for people, as percent.</summary>
    internal static string Percent(double share) => PercentText.Format(share);

    /// <summary>A distance or p for people.</summary>
    internal static string Number(double value) => value.ToString(Math.Abs(value) is > 0 and < .001 ? "0.0e+0" : "0.###", CultureInfo.InvariantCulture);
}
