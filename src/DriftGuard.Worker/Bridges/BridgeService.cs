using DriftGuard.Worker.Indexes;

namespace DriftGuard.Worker.Bridges;

/// <summary>Fits, shows and ends bridges.</summary>
public sealed class BridgeService
{
    private readonly BridgeFitter fitter;
    private readonly BridgeStore store;
    private readonly BridgeEnds ends;
    private readonly ActiveBridges active;
    private readonly ServingIndexReader indexes;
    private readonly TimeProvider time;

    internal BridgeService(BridgeFitter fitter, BridgeStore store, BridgeEnds ends, ActiveBridges active, ServingIndexReader indexes, TimeProvider time) =>
        (this.fitter, this.store, this.ends, this.active, this.indexes, this.time) = (fitter, store, ends, active, indexes, time);

    /// <summary>Fits a bridge and stores it, whatever its verdict; one that serves is in use from then on.</summary>
    /// <param name="request">What is to be bridged.</param>
    /// <param name="progress">Told of a piece of work, the units done, and of how many.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="OperatorException">There is nothing to bridge, or nothing to decide by; the message says what to do.</exception>
    public async Task<BridgeReport> FitAsync(BridgeRequest request, Action<string, long, long>? progress, CancellationToken cancellation)
    {
        var report = await fitter.FitAsync(request, progress, cancellation);
        active.Forget();
        return report;
    }

    /// <summary>The bridges of an index, newest first; those that have come to their end are ended.</summary>
    /// <exception cref="OperatorException">There is no such index.</exception>
    public async Task<IReadOnlyList<BridgeState>> ListAsync(string index, CancellationToken cancellation)
    {
        await indexes.DefinitionAsync(index, cancellation);
        await ends.EndAsync(index, cancellation);
        return await store.ListAsync(index, cancellation);
    }

    /// <summary>Ends the bridge of an index.</summary>
    /// <returns>The bridge.</returns>
    /// <exception cref="OperatorException">It has none.</exception>
    public async Task<BridgeReport> EndAsync(string index, CancellationToken cancellation)
    {
        var bridge = (await ListAsync(index, cancellation)).FirstOrDefault(one => one.InUse)?.Report
            ?? throw new OperatorException(OperatorError.NotFound, $"index '{index}' has no bridge in use");
        await store.EndAsync(bridge, BridgeEnd.Requested, time.GetUtcNow(), cancellation);
        active.Forget();
        return bridge;
    }
}
