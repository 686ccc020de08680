namespace DriftGuard.Cli.Shell;

/// <summary>Waits until the process is asked to stop.</summary>
internal static class Shutdown
{
    public static async Task RequestedAsync(CancellationToken stopping)
    {
        var requested = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stopping.Register(requested.SetResult);
        await requested.Task;
    }
}
