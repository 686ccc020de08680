namespace DriftGuard.Core.Tests.Rollouts.Protocol.Qdrant;

/// <summary>Points in id order, and the shard's count of operations.</summary>
internal sealed class SimulatedCollection(string name, string fingerprint)
{
    public string Name => name;

    /// <summary>Fingerprint in the metadata: the model that applications are to embed with.</summary>
    public string Fingerprint => fingerprint;

    public SortedDictionary<int, SimulatedPoint> Points { get; } = [];

    public ulong Operations { get; private set; }

    /// <summary>Ids that a scroll leaves out, as replicas disagree about them; a write to one makes them agree again.</summary>
    public HashSet<int> Diverging { get; } = [];

    /// <summary>Counts an operation that touched these ids.</summary>
    public ulong Count(params ReadOnlySpan<int> ids)
    {
        foreach (var id in ids)
        {
            Diverging.Remove(id);
        }

        return ++Operations;
    }
}
