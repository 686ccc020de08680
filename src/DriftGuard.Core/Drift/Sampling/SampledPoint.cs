namespace DriftGuard.Core.Drift.Sampling;

/// <summary>A point of a collection whose text was embedded again.</summary>
/// <param name="Id">Its id, as text.</param>
/// <param name="Length">Length of its text, in the unit of the thresholds.</param>
/// <param name="Distance">1 - cosine between the stored and the new vector, 0 to 2.</param>
/// <param name="Threshold">Beyond this it mismatches, see <see cref="SelfNoise"/>.</param>
/// <param name="Groups">What it belongs to, by key: its stamp, the month it was written.</param>
public sealed record SampledPoint(string Id, int Length, double Distance, double Threshold, IReadOnlyDictionary<string, string> Groups)
{
    /// <summary>Whether the stored vector is not what the model gives for the text. A distance that is no number mismatches.</summary>
    public bool IsMismatch => !(Distance <= Threshold);
}
