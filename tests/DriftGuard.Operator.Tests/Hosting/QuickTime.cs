namespace DriftGuard.Operator.Tests.Hosting;

/// <summary>Time that goes many times faster: what waits a minute waits a moment.</summary>
/// <param name="times">How many times.</param>
internal sealed class QuickTime(int times) : TimeProvider
{
    private readonly DateTimeOffset _began = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _began + ((System.GetUtcNow() - _began) * times);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, Quick(dueTime), Quick(period));

    private TimeSpan Quick(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / times;
}
