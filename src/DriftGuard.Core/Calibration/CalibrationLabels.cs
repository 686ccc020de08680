namespace DriftGuard.Core.Calibration;

/// <summary>Where a set's judgements come from.</summary>
public enum CalibrationLabels
{
    /// <summary>Somebody read query and document.</summary>
    Judged,

    /// <summary>They were concluded from behaviour, such as clicks.</summary>
    Weak,
}

/// <summary>What must be said wherever a result rests on weak labels.</summary>
public static class WeakLabels
{
    /// <summary>Whom they favour. People click what they are shown, and most of all what stands first (Joachims et al. 2005).</summary>
    public const string Favour = "labels are weak: clicks favour what the old model showed, and most of all what it showed first";

    /// <summary>What makes them better.</summary>
    public const string Advice = "have the unjudged results of both models judged (calibration lint --export-holes, calibration add --judgements)";
}
