namespace DriftGuard.Qdrant;

/// <summary>A peer of a cluster.</summary>
/// <param name="Id">Its id in the cluster; 0 on a single node.</param>
/// <param name="Address">Its gRPC address: its host, under the scheme and the port of the address that it was heard of at.</param>
public sealed record QdrantPeer(ulong Id, Uri Address);
