namespace DriftGuard.Worker.Tests.Rollouts;

/// <summary>The system's clock, which a test may put forward; waits are as long as they are.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private TimeSpan shift;

    public void PutForward(TimeSpan by) => shift += by;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + shift;
}
