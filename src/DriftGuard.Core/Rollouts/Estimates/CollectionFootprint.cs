using System.Runtime.InteropServices;

namespace DriftGuard.Core.Rollouts.Estimates;

/// <summary>
/// What a collection takes in Qdrant, in bytes, all replicas together. The rules of thumb are Qdrant's own (capacity planning): vectors in
/// memory with half as much again for graph, ids and what the optimiser holds; on disk vectors, graph and payload, and the same again while
/// segments are rewritten.
/// </summary>
/// <param name="MemoryBytes">Memory, where vectors and graph are kept in it.</param>
/// <param name="DiskBytes">Disk at its peak, while the optimiser rewrites segments.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CollectionFootprint(double MemoryBytes, double DiskBytes)
{
    private const double BytesAComponent = sizeof(float);
    private const double MemoryOverhead = 1.5;
    private const double RewriteOverhead = 2;

    // The lowest layer of the graph has 2 m links of 4 bytes a point, the layers above it few.
    private const double BytesALink = 4;

    /// <summary>Qdrant's m where a collection does not set one.</summary>
    public const int DefaultLinks = 16;

    /// <summary>The footprint of a collection.</summary>
    /// <param name="points">Its points.</param>
    /// <param name="dimensions">Components of a vector.</param>
    /// <param name="payloadBytes">Mean size of a payload.</param>
    /// <param name="links">hnsw_config.m.</param>
    /// <param name="replicas">Copies of each shard.</param>
    public static CollectionFootprint Of(long points, int dimensions, double payloadBytes, int links = DefaultLinks, int replicas = 1)
    {
        var vector = dimensions * BytesAComponent;
        return new(
            replicas * points * vector * MemoryOverhead,
            replicas * points * (vector + (2 * links * BytesALink) + payloadBytes) * RewriteOverhead);
    }
}
