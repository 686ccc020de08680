namespace DriftGuard.Core.Drift;

/// <summary>What a detector answers. In the order of how much it asks of the reader.</summary>
public enum DriftVerdict
{
    /// <summary>It looked, and found nothing.</summary>
    None,

    /// <summary>It could not say: too little to look at, or nothing to compare with. Never a clean bill.</summary>
    InsufficientData,

    /// <summary>It could not look: something that it needs cannot be used.</summary>
    Failed,

    /// <summary>It found something, and a fresh run has not agreed, or there was none yet.</summary>
    Suspected,

    /// <summary>It found something, and a fresh run agreed; or the evidence is exact and leaves nothing to chance.</summary>
    Confirmed,
}

/// <summary>The detectors, in the order in which they run: what comes first explains what comes later.</summary>
public enum Detector
{
    /// <summary>Is the collection what was declared?</summary>
    Schema,

    /// <summary>Is this still the model that was fingerprinted?</summary>
    Model,

    /// <summary>Were the stored vectors made by it?</summary>
    Index,

    /// <summary>Does retrieval still work?</summary>
    Quality,

    /// <summary>Do documents and queries still look like those it was calibrated on?</summary>
    Data,
}

/// <summary>Verdicts taken together.</summary>
public static class DriftVerdicts
{
    /// <summary>Whether drift was found, once or twice.</summary>
    public static bool IsDrift(this DriftVerdict verdict) => verdict is DriftVerdict.Suspected or DriftVerdict.Confirmed;

    /// <summary>
    /// What a check says as a whole: drift if any detector found some, else failed if any could not look; nothing if at least one looked and
    /// found nothing, whatever others had too little for; otherwise insufficient data.
    /// </summary>
    public static DriftVerdict Together(IReadOnlyCollection<DriftVerdict> verdicts) =>
        verdicts.Where(verdict => verdict >= DriftVerdict.Failed).OrderDescending().Cast<DriftVerdict?>().FirstOrDefault()
        ?? (verdicts.Contains(DriftVerdict.None) ? DriftVerdict.None : DriftVerdict.InsufficientData);
}
