namespace DriftGuard.Worker.Loops;

/// <summary>How a loop stands.</summary>
/// <param name="Name">The loop.</param>
/// <param name="Runs">Whether it runs; false while it waits to be started again.</param>
/// <param name="FailuresInARow">How often it failed without running well in between.</param>
internal sealed record LoopStanding(string Name, bool Runs, int FailuresInARow)
{
    // One failure is an accident.
    private const int Many = 3;

    /// <summary>Whether it fails again and again.</summary>
    public bool KeepsFailing => FailuresInARow >= Many;
}
