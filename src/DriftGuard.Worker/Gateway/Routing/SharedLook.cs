namespace DriftGuard.Worker.Gateway.Routing;

/// <summary>A look that many wait for at once: each gets one that began after they asked, and at most two are needed for all of them.</summary>
/// <param name="look">Looks.</param>
internal sealed class SharedLook<T>(Func<CancellationToken, Task<T>> look)
{
    private readonly Lock _gate = new();
    private Task<T>? _running;
    private Task<T>? _next;

    /// <summary>What a look saw that began after this call.</summary>
    public Task<T> NextAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_running is null or { IsCompleted: true })
            {
                return (_running = look(CancellationToken.None)).WaitAsync(cancellation);
            }

            return (_next ??= AfterAsync(_running)).WaitAsync(cancellation);
        }
    }

    private async Task<T> AfterAsync(Task before)
    {
        // Never at once: whoever made this task has yet to keep it.
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        Task<T> mine;
        lock (_gate)
        {
            _next = null;
            _running = mine = look(CancellationToken.None);
        }

        return await mine;
    }
}
