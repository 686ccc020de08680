using DriftGuard.Core.Points;

namespace DriftGuard.Worker.Points;

/// <summary>
/// The revisions of this process' writes: its lease epoch, then a sequence. A later epoch is higher, so a late write of an earlier
/// one never overwrites what the later one wrote. The epoch is taken with the first write: a process that only reads uses none up.
/// </summary>
/// <param name="takeEpoch">Takes the next lease epoch of the installation.</param>
public sealed class RevisionSource(Func<CancellationToken, Task<long>> takeEpoch) : IDisposable
{
    private readonly SemaphoreSlim one = new(1);
    private int? epoch;
    private uint sequence;

    /// <summary>The next revision.</summary>
    public async ValueTask<Revision> NextAsync(CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation);
        try
        {
            epoch ??= (int)await takeEpoch(cancellation);
            return Revision.Of(epoch.Value, ++sequence);
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>
    /// Takes a new epoch with the next revision, so that it is higher than anything another process has written until then. A pass
    /// begins so: what it corrects may have been written since this process took its epoch.
    /// </summary>
    public async Task RenewAsync(CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation);
        (epoch, sequence) = (null, 0);
        one.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => one.Dispose();
}
