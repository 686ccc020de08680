using DriftGuard.Worker.Telemetry.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Loops;

/// <summary>
/// Runs the loops of the worker for as long as the host does. One that fails, or ends before the host stops, is logged, counted and started again: it takes
/// neither the host nor another loop with it, and never stays away unseen. When the host stops, all are told at once and waited for as long as the host waits.
/// </summary>
internal sealed partial class LoopSupervisor : BackgroundService
{
    private readonly IReadOnlyList<SupervisedLoop> loops;
    private readonly ILogger<LoopSupervisor> log;
    private readonly CancellationTokenSource _late = new();

    public LoopSupervisor(IEnumerable<ILoop> loops, DriftGuardMetrics metrics, TimeProvider time, ILogger<LoopSupervisor> log)
    {
        this.log = log;
        this.loops = [.. loops.Select(loop => new SupervisedLoop(
            loop, time, (failure, inARow) => LogFailed(log, loop.Name, inARow, failure), () => metrics.LoopRestarted(loop.Name)))];
        foreach (var loop in this.loops)
        {
            metrics.LoopBegins(loop.Loop.Name);
        }

        LoopMetrics.Running.Observe(metrics.Meter, () => Standings.Select(loop => new System.Diagnostics.Metrics.Measurement<double>(
            loop.Runs ? 1 : 0, LoopMetrics.Running.TagsOf(loop.Name))));
    }

    /// <summary>How each loop stands.</summary>
    public IEnumerable<LoopStanding> Standings => loops.Select(loop => loop.Standing);

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using (cancellationToken.Register(_late.Cancel))
        {
            await base.StopAsync(cancellationToken);
        }

        foreach (var loop in Standings.Where(loop => loop.Runs))
        {
            LogStillRuns(log, loop.Name);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _late.Dispose();
    }

    // Each by itself from its first step on: one that does not give its thread back keeps no other from starting.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(loops.Select(loop => Task.Run(() => SeeThroughAsync(loop, stoppingToken), CancellationToken.None)));

    private async Task SeeThroughAsync(SupervisedLoop loop, CancellationToken stopping)
    {
        await loop.KeepAsync(stopping);
        try
        {
            await loop.Loop.EndAsync(_late.Token);
        }
        catch (Exception) when (_late.IsCancellationRequested)
        {
            LogStillRuns(log, loop.Loop.Name);
        }
        catch (Exception failure)
        {
            LogEndFailed(log, loop.Loop.Name, failure);
        }
    }

    [LoggerMessage(5100, LogLevel.Error, "The loop {Loop} has ended {InARow} times in a row, and is started again")]
    private static partial void LogFailed(ILogger log, string loop, int inARow, Exception? failure);

    [LoggerMessage(5101, LogLevel.Warning, "The loop {Loop} has not ended in the time that the host has for stopping; what it had in hand is cut off")]
    private static partial void LogStillRuns(ILogger log, string loop);

    [LoggerMessage(5102, LogLevel.Error, "The loop {Loop} left something behind when the host stopped")]
    private static partial void LogEndFailed(ILogger log, string loop, Exception failure);
}
