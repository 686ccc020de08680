namespace DriftGuard.Chaos.Tests.Scenarios;

/// <summary>Waits for what goes on side by side.</summary>
internal static class Waits
{
    /// <summary>Waits for a task; what fails beside it ends the wait.</summary>
    public static async Task AmongAsync(Task task, IEnumerable<Task> others)
    {
        var beside = others.ToList();
        while (!task.IsCompleted)
        {
            var first = await Task.WhenAny([task, .. beside]);
            if (first != task)
                await first;
            beside.Remove(first);
        }

        await task;
    }

    /// <summary>Waits for a task that goes on until it is cancelled.</summary>
    public static async Task UntilCancelledAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }
}
