namespace DriftGuard.Worker.Loops;

/// <summary>Work that goes on for as long as the host runs. <see cref="LoopSupervisor"/> runs it, and starts it again where it fails.</summary>
internal interface ILoop
{
    /// <summary>What people and metrics call it; no two have the same.</summary>
    string Name { get; }

    /// <summary>Works until the host stops: to end before that is a failure. May be called again after it failed, and never twice at a time.</summary>
    /// <param name="stopping">Is cancelled when the host stops.</param>
    Task RunAsync(CancellationToken stopping);

    /// <summary>Brings to an end what the loop leaves behind; once, when the host stops and the loop has ended.</summary>
    /// <param name="cancellation">Is cancelled when the host waits no longer.</param>
    Task EndAsync(CancellationToken cancellation) => Task.CompletedTask;
}
