using System.Runtime.InteropServices;

namespace DriftGuard.Cli.Shell;

/// <summary>Turns the first Ctrl-C or SIGTERM into a request to stop; the second ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals()
    {
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT }.Select(s => PosixSignalRegistration.Create(s, Stop))];
    }

    public CancellationToken Stopping => _stopping.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stopping.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        // Not cancelled, the signal does what it does by default.
        signal.Cancel = !_stopping.IsCancellationRequested;
        if (signal.Cancel)
        {
            _stopping.Cancel();
        }
    }
}
