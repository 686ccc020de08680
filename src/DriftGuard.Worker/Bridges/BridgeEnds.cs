using DriftGuard.Qdrant;

namespace DriftGuard.Worker.Bridges;

/// <summary>Ends bridges that have come to their end: by time, or because another collection serves. What they led into is not searched through them any more, whoever has ended them.</summary>
internal sealed class BridgeEnds(BridgeStore store, QdrantStore qdrant, ActiveBridges active, TimeProvider time)
{
    /// <summary>Ends what is to be ended.</summary>
    /// <param name="index">Of one index; null: of all.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>Those that were ended, with the reason, and those that go on.</returns>
    public async Task<(IReadOnlyList<(BridgeReport Bridge, string Reason)> Ended, IReadOnlyList<BridgeReport> InUse)> EndAsync(string? index, CancellationToken cancellation)
    {
        var bridges = (await store.InUseAsync(cancellation)).Where(bridge => index is null || bridge.Index == index).ToList();
        if (bridges.Count == 0)
        {
            return ([], []);
        }

        var now = time.GetUtcNow();
        var aliases = await qdrant.AliasesAsync(cancellation);
        var (ended, inUse) = (new List<(BridgeReport, string)>(), new List<BridgeReport>());
        foreach (var bridge in bridges)
        {
            // An alias that is missing is somebody's mistake, and may come back.
            var reason = now >= bridge.Until ? BridgeEnd.Expired
                : aliases.TargetOf(bridge.Index) is { } target && target != bridge.Collection ? BridgeEnd.CutOver
                : null;
            if (reason is null)
            {
                inUse.Add(bridge);
            }
            else if (await store.EndAsync(bridge, reason, now, cancellation))
            {
                ended.Add((bridge, reason));
                active.Forget();
            }
        }

        return (ended, inUse);
    }
}
