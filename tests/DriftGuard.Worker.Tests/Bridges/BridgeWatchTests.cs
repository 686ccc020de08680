using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Telemetry.Metrics;
using DriftGuard.Worker.Tests.Rollouts;
using DriftGuard.Worker.Tests.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Bridges;

/// <summary>Nobody forgets a bridge that is in use.</summary>
public sealed class BridgeWatchTests
{
    [Fact]
    public async Task A_bridge_is_measured_and_warned_of_again_and_again_until_it_ends()
    {
        await using var world = await WithCorpusAsync(100);
        var logs = new Warnings();
        var watch = new BridgeWatch(world.Services.GetRequiredService<BridgeEnds>(), world.Services.GetRequiredService<DriftGuardMetrics>(), world.Time, logs);
        await watch.LookAsync(Cancellation);
        Measured(world).ShouldBeEmpty();
        var bridge = await world.BridgeAsync(TimeSpan.FromHours(1));

        await watch.LookAsync(Cancellation);
        await watch.LookAsync(Cancellation);
        Measured(world).ShouldBe([IndexName]);
        logs.Said.ShouldHaveSingleItem().ShouldContain(bridge.Report.Id);

        world.Time.PutForward(TimeSpan.FromMinutes(11));
        await watch.LookAsync(Cancellation);
        logs.Said.Count.ShouldBe(2);

        world.Time.PutForward(TimeSpan.FromHours(1));
        await watch.LookAsync(Cancellation);
        Measured(world).ShouldBeEmpty();
        logs.Said.Count.ShouldBe(2);
        (await world.Services.GetRequiredService<BridgeService>().ListAsync(IndexName, Cancellation)).Single().EndedAt.ShouldNotBeNull();
    }

    /// <summary>The indexes that the gauge of this world names.</summary>
    private static List<string> Measured(RolloutWorld world)
    {
        using var measured = new MeasuredMetrics(world.Services);
        return [.. measured.Of(GatewayMetrics.BridgeActive).Where(bridge => bridge.Value == 1).Select(bridge => bridge.Tags[MetricTags.Index])];
    }

    private sealed class Warnings : ILogger<BridgeWatch>
    {
        public List<string> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning)
                Said.Add(formatter(state, exception));
        }
    }
}
