using System.Text.Json;
using System.Text.Json.Serialization;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Proof;
using DriftGuard.State;

namespace DriftGuard.Worker.Rollouts.Proving;

/// <summary>The proofs of partitions as they are kept in the state.</summary>
public static class ProofStore
{
    // Writes may be held while they are saved: a transaction for each would take as long as a disk needs for so many of them.
    private const int ProofsAtATime = 500;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The proof of a partition; null where there is none, or none that this version can read.</summary>
    public static PartitionProof? Of(Partition partition)
    {
        try
        {
            return partition.Proof is { } json ? JsonSerializer.Deserialize<PartitionProof>(json, Format) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What all of them say together.</summary>
    public static ProofSummary Summary(IReadOnlyList<Partition> partitions) => ProofSummary.Of([.. partitions.Select(Of)]);

    /// <summary>Keeps proofs; earlier ones of the same partitions are replaced.</summary>
    public static async Task SaveAsync(StateStore state, string rolloutId, IReadOnlyList<PartitionProof> proofs, CancellationToken cancellation)
    {
        foreach (var some in proofs.Chunk(ProofsAtATime))
        {
            await state.SaveProofsAsync(rolloutId, Array.ConvertAll(some, proof => (proof.Ordinal, JsonSerializer.Serialize(proof, Format))), cancellation);
        }
    }
}
