using DriftGuard.Worker.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace DriftGuard.Worker.Tests.Health;

/// <summary>A process that is asked to stop says so first, and goes on for a while where somebody asks.</summary>
public sealed class DrainingTests
{
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider time = new();

    [Fact]
    public async Task It_is_not_ready_at_once_and_waits_for_those_who_ask_to_notice()
    {
        using var draining = new Draining(time);
        var check = new DrainingHealthCheck(draining);
        (await check.CheckHealthAsync(new())).Status.ShouldBe(HealthStatus.Healthy);

        var waiting = draining.RunAsync(Drain, CancellationToken.None);

        draining.Begun.IsCancellationRequested.ShouldBeTrue();
        (await check.CheckHealthAsync(new())).Status.ShouldBe(HealthStatus.Unhealthy);
        time.Advance(Drain - TimeSpan.FromTicks(1));
        waiting.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromTicks(1));
        await waiting;
    }

    [Fact]
    public async Task Where_nobody_has_asked_within_a_minute_nothing_is_waited_for()
    {
        using var never = new Draining(time);
        await never.RunAsync(Drain, CancellationToken.None);

        using var longAgo = new Draining(time);
        await new DrainingHealthCheck(longAgo).CheckHealthAsync(new());
        time.Advance(TimeSpan.FromMinutes(1) + TimeSpan.FromTicks(1));
        await longAgo.RunAsync(Drain, CancellationToken.None);
        longAgo.Begun.IsCancellationRequested.ShouldBeTrue();
    }
}
