using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DriftGuard.Core.Rollouts.Proof;

/// <summary>The proofs of a rollout's partitions together.</summary>
/// <param name="Partitions">Partitions there are.</param>
/// <param name="Proven">Those of them that were compared in full.</param>
/// <param name="Clean">Those of them on which both sides hold the same.</param>
/// <param name="Points">Points of the side that is the truth, of those that were compared.</param>
/// <param name="Differing">Points that differ.</param>
/// <param name="Digest">SHA-256 over the digests of the side that is the truth in id order; null unless all partitions were compared.</param>
/// <param name="Since">When the oldest of the comparisons ended; null where there is none.</param>
public sealed record ProofSummary(int Partitions, int Proven, int Clean, long Points, long Differing, string? Digest, DateTimeOffset? Since)
{
    /// <summary>Digits of a digest that tell two apart for people.</summary>
    public const int ShortDigits = 16;

    /// <summary>Every partition was compared, and none differs.</summary>
    public bool IsWhole => Partitions > 0 && Clean == Partitions;

    /// <summary>The same for people.</summary>
    public string Text => Proven == 0
        ? "not compared yet"
        : string.Create(CultureInfo.InvariantCulture, $"{Points:N0} points of {Proven} of {Partitions} partitions compared in full, ")
            + (Differing == 0 ? "no difference" : string.Create(CultureInfo.InvariantCulture, $"{Differing:N0} differ"))
            + (Digest is null ? "" : $", digest {Digest[..ShortDigits]}")
            + (Since is { } since ? $" (since {since.ToString("u", CultureInfo.InvariantCulture)})" : "");

    /// <summary>Sums up.</summary>
    /// <param name="proofs">The proof of each partition in id order; null where there is none.</param>
    public static ProofSummary Of(IReadOnlyList<PartitionProof?> proofs)
    {
        var known = proofs.OfType<PartitionProof>().ToList();
        return new(
            proofs.Count,
            known.Count,
            known.Count(p => p.IsClean),
            known.Sum(p => p.SourcePoints),
            known.Sum(p => p.Differing),
            known.Count == proofs.Count && known.Count > 0
                ? Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', known.Select(p => p.SourceDigest)))))
                : null,
            known.Count == 0 ? null : known.Min(p => p.At));
    }
}
