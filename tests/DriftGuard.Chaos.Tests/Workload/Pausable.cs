namespace DriftGuard.Chaos.Tests.Workload;

/// <summary>Lets writers go on one operation at a time, and holds all of them between operations for as long as somebody looks.</summary>
internal sealed class Pausable(int writers) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(writers);
    private readonly SemaphoreSlim _looking = new(1);

    public async Task RunAsync(Func<Task> operation, CancellationToken cancellation)
    {
        await _turns.WaitAsync(cancellation);
        try
        {
            await operation();
        }
        finally
        {
            _turns.Release();
        }
    }

    public async Task WhileQuietAsync(Func<Task> look, CancellationToken cancellation)
    {
        await _looking.WaitAsync(cancellation);
        for (var i = 0; i < writers; i++)
            await _turns.WaitAsync(cancellation);
        try
        {
            await look();
        }
        finally
        {
            _turns.Release(writers);
            _looking.Release();
        }
    }

    public void Dispose()
    {
        _turns.Dispose();
        _looking.Dispose();
    }
}
