using DriftGuard.Worker.Loops;

namespace DriftGuard.Worker.Tests.Loops;

/// <summary>A loop as a host runs it, without anybody who starts it again.</summary>
internal sealed class RunningLoop : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ILoop _loop;
    private readonly Task _run;

    public RunningLoop(ILoop loop)
    {
        _loop = loop;
        _run = Task.Run(() => loop.RunAsync(_stop.Token));
    }

    /// <summary>Stops it; what it failed with before is thrown.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        var failed = _run.IsFaulted;
        await _stop.CancelAsync();
        await _run.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (failed)
        {
            await _run;
        }

        await _loop.EndAsync(cancellation);
    }

    public void Dispose() => _stop.Dispose();
}
