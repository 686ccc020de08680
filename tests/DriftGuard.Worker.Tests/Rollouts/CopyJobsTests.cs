using System.Reflection;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Rollouts;
using DriftGuard.Worker.Tests.Loops;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Quartz;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Rollouts;

/// <summary>Copying that begins, is stopped, or cannot begin, against a real server, real state and a real scheduler.</summary>
public sealed class CopyJobsTests
{
    [Fact]
    public async Task A_run_that_is_cancelled_stops_its_copying()
    {
        await using var world = await WithCorpusAsync();
        await world.MeasureNewAsync();
        var embedder = new StandingEmbedder(world.New);
        var rollout = await world.StartAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var run = world.Runner.RunAsync(rollout.Id, new(), stop.Token);
        await embedder.Begun.WaitAsync(Cancellation);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => run);
        embedder.Cancelled.ShouldBe(embedder.Calls, "every job was told to stop and waited for");
    }

    [Fact]
    public async Task A_host_that_stops_stops_the_copying_that_Quartz_would_wait_for()
    {
        await using var world = await WithCorpusAsync();
        var (jobs, rollout, _) = await PlannedAsync(world);
        var embedder = new StandingEmbedder(world.New);
        await jobs.EnsureRunningAsync(rollout, Cancellation);
        await embedder.Begun.WaitAsync(Cancellation);

        await world.StopHostAsync();

        embedder.Cancelled.ShouldBe(embedder.Calls);
    }

    [Fact]
    public async Task A_supervised_rollout_goes_on_after_a_stop_in_the_middle_of_copying()
    {
        await using var world = await WithCorpusAsync();
        await world.MeasureNewAsync();
        var embedder = new StandingEmbedder(world.New);
        var rollout = await world.StartAsync();
        using (var supervisor = new RunningLoop(new RolloutSupervisor(world.State, world.Runner, world.Time, NullLogger<RolloutSupervisor>.Instance)))
        {
            await embedder.Begun.WaitAsync(Cancellation);
            await supervisor.StopAsync(Cancellation);
        }

        embedder.Cancelled.ShouldBe(embedder.Calls);
        world.New.Before = null;
        rollout = await world.RunAsync(rollout);
        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        await world.ShouldMirrorAsync(rollout.Green, rollout.Blue, world.New);
    }

    [Fact]
    public async Task A_job_that_was_never_begun_is_not_waited_for()
    {
        await using var world = await WithCorpusAsync();
        var (jobs, rollout, _) = await PlannedAsync(world);
        var scheduler = await world.Services.GetRequiredService<ISchedulerFactory>().GetScheduler(Cancellation);
        await scheduler.Standby(Cancellation);
        await jobs.EnsureRunningAsync(rollout, Cancellation);

        await jobs.StopAsync(rollout.Id, Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        await scheduler.Start(Cancellation);
        rollout = await world.RunAsync(rollout);
        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
    }

    [Fact]
    public async Task A_job_that_could_not_be_scheduled_leaves_its_partition_free()
    {
        await using var world = await WithCorpusAsync();
        var (_, rollout, partitions) = await PlannedAsync(world);
        var jobs = ActivatorUtilities.CreateInstance<CopyJobs>(world.Services, DispatchProxy.Create<ISchedulerFactory, RefusingQuartz>());

        for (var i = 0; i < partitions.Count + 1; i++)
        {
            // Each time, not only until all that may run at a time are taken.
            await Should.ThrowAsync<SchedulerException>(() => jobs.EnsureRunningAsync(rollout, Cancellation));
        }

        await jobs.StopAsync(rollout.Id, Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [Fact]
    public async Task A_rollout_may_copy_all_its_partitions_at_a_time()
    {
        const int AtATime = 24;
        await using var world = await WithCorpusAsync(2_400);
        await world.MeasureNewAsync();
        var embedder = new StandingEmbedder(world.New, awaited: AtATime);

        var rollout = await world.StartAsync(Quick with { Partitions = AtATime, ConcurrentPartitions = AtATime, BatchSize = 16 });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var run = world.Runner.RunAsync(rollout.Id, new(), stop.Token);

        await embedder.Begun.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => run);
    }

    private static async Task<(CopyJobs Jobs, Rollout Rollout, IReadOnlyList<Partition> Partitions)> PlannedAsync(RolloutWorld world)
    {
        var rollout = await world.RunAsync(await world.StartAsync(), decision => decision.Action == RolloutAction.PlanPartitions);
        var partitions = await world.State.PartitionsAsync(rollout.Id, Cancellation);
        partitions.Count.ShouldBeGreaterThan(1);
        return ((CopyJobs)world.Services.GetRequiredService<ICopyJobs>(), rollout, partitions);
    }

    /// <summary>A scheduler, and the factory of one, that takes no jobs.</summary>
    public class RefusingQuartz : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod?.Name == nameof(ISchedulerFactory.GetScheduler)
                ? new ValueTask<IScheduler>(Create<IScheduler, RefusingQuartz>())
                : throw new SchedulerException("no jobs are taken");
    }

    /// <summary>Makes a model stand still until it is cancelled, and counts.</summary>
    private sealed class StandingEmbedder
    {
        private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int calls;
        private int cancelled;

        public StandingEmbedder(HashEmbedder model, int awaited = 1) => model.Before = async cancellation =>
        {
            if (Interlocked.Increment(ref calls) == awaited)
            {
                begun.TrySetResult();
            }

            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            }
            finally
            {
                Interlocked.Increment(ref cancelled);
            }
        };

        /// <summary>Ends when as many calls have come as are awaited.</summary>
        public Task Begun => begun.Task;

        public int Calls => Volatile.Read(ref calls);

        public int Cancelled => Volatile.Read(ref cancelled);
    }
}
