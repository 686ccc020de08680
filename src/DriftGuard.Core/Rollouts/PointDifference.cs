using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts.Proof;

namespace DriftGuard.Core.Rollouts;

/// <summary>What has to be done to one point so that the target holds what the source holds.</summary>
public enum PointDifference
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Embed and write: it is missing, its text changed, or its stamp is gone or of another model.</summary>
    Embed,

    /// <summary>Overwrite the payload: the text is the same.</summary>
    Payload,

    /// <summary>It carries no stamp, so only its payload can tell whether it differs.</summary>
    Unstamped,

    /// <summary>Delete it in the target, once its absence in the source is confirmed.</summary>
    Delete,
}

/// <summary>Judges what two collections hold under one id, each as it is there and not as a stamp says that it is.</summary>
public static class PointDifferences
{
    /// <summary>What has to be done to the target's point.</summary>
    /// <param name="source">The point that is the truth; null where there is none.</param>
    /// <param name="target">The other one; null where there is none.</param>
    /// <param name="stamp">The target's; null if there is none.</param>
    /// <param name="fingerprint">Of the model that the target's is to be stamped by; null where stamps say nothing.</param>
    public static PointDifference Judge(PointDigest? source, PointDigest? target, Stamp? stamp, string? fingerprint) => (source, target) switch
    {
        (null, _) => PointDifference.Delete,
        (_, null) => PointDifference.Embed,
        _ when stamp is null => PointDifference.Unstamped,
        _ when !TextIsStamped(source, stamp, fingerprint) || source.Value.ContentHash != target.Value.ContentHash => PointDifference.Embed,
        _ => source == target && stamp.PayloadHash == source.Value.PayloadHash ? PointDifference.None : PointDifference.Payload,
    };

    /// <summary>The target's stamp says what the source holds.</summary>
    public static bool IsStamped(PointDigest? source, Stamp? stamp, string? fingerprint) =>
        fingerprint is null || (TextIsStamped(source, stamp, fingerprint) && stamp!.PayloadHash == source!.Value.PayloadHash);

    private static bool TextIsStamped(PointDigest? source, Stamp? stamp, string? fingerprint) =>
        stamp is { Pending: null } && stamp.Fingerprint == (fingerprint ?? stamp.Fingerprint) && source?.ContentHash is { } text && stamp.ContentHash == text;
}
