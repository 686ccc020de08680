using DriftGuard.Core.Rollouts;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Rollouts;

/// <summary>Pauses and aborts that come while something is under way that would take for ever: only what cuts it off lets them happen.</summary>
public sealed class PauseTests
{
    [Theory]
    [InlineData(RolloutPhase.Preflight)]
    [InlineData(RolloutPhase.Copying)]
    [InlineData(RolloutPhase.CatchingUp)]
    [InlineData(RolloutPhase.Evaluating)]
    public async Task A_pause_cuts_off_calls_under_way_and_a_resume_loses_nothing(RolloutPhase phase)
    {
        await using var world = await WithCorpusAsync();
        var rollout = await StandingAtAsync(world, phase, RequestKind.Pause);

        (rollout.Phase, rollout.Reason).ShouldBe((RolloutPhase.Paused, RolloutReason.PauseRequested), rollout.Message);
        (await world.Qdrant.ExistsAsync(rollout.Green, Cancellation)).ShouldBe(phase != RolloutPhase.Preflight, "what was built is kept");
        world.New.Before = null;

        await world.SetAsync(300, "text", "a text that was mended");
        await world.AskAsync(rollout, RequestKind.Resume);
        rollout = await world.RunAsync(rollout);

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        await world.ShouldMirrorAsync(rollout.Green, rollout.Blue, world.New);
    }

    [Theory]
    [InlineData(RolloutPhase.Preflight)]
    [InlineData(RolloutPhase.Copying)]
    [InlineData(RolloutPhase.CatchingUp)]
    [InlineData(RolloutPhase.Evaluating)]
    public async Task An_abort_cuts_off_calls_under_way_and_leaves_no_shadow_collection(RolloutPhase phase)
    {
        await using var world = await WithCorpusAsync();
        var rollout = await StandingAtAsync(world, phase, RequestKind.Abort);

        rollout.Phase.ShouldBe(RolloutPhase.Aborted, rollout.Message);
        (await world.Qdrant.ExistsAsync(rollout.Green, Cancellation)).ShouldBeFalse();
        (await world.ServedByAsync()).ShouldBe(rollout.Blue);
    }

    [Fact]
    public async Task After_a_pause_the_copying_goes_on_from_the_last_acknowledged_batch()
    {
        await using var world = await WithCorpusAsync();
        await world.MeasureNewAsync();
        var (rollout, calls, standing) = (await world.StartAsync(Quick with { Partitions = 1, BatchSize = 32 }), 0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        world.New.Before = cancellation => Interlocked.Increment(ref calls) <= 6 ? Task.CompletedTask : StandAsync(standing, cancellation);
        var run = world.RunAsync(rollout, decision => decision.Phase == RolloutPhase.Paused);
        await standing.Task.WaitAsync(Cancellation);

        // The batch before the one that stands may still be on its way.
        while ((await world.State.PartitionsAsync(rollout.Id, Cancellation)).ShouldHaveSingleItem().Copied < 6 * 32)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), Cancellation);
        }

        await world.AskAsync(rollout, RequestKind.Pause);
        await run;

        var partition = (await world.State.PartitionsAsync(rollout.Id, Cancellation)).ShouldHaveSingleItem();
        partition.Copied.ShouldBe(6 * 32);
        partition.Cursor.ShouldBe("193", "ids count from 1");
        (await world.Qdrant.CountAsync(rollout.Green, cancellationToken: Cancellation)).ShouldBe(6 * 32ul);
    }

    /// <summary>Runs until the new model is asked in a phase, where it stands until it is cancelled; then asks, and runs until the rollout rests.</summary>
    private static async Task<Rollout> StandingAtAsync(RolloutWorld world, RolloutPhase phase, RequestKind kind)
    {
        await world.MeasureNewAsync();
        if (phase == RolloutPhase.CatchingUp)
        {
            // A pass tries again what could not be embedded.
            await world.SetAsync(300, "text", $"an {HashEmbedder.Unembeddable} text");
        }

        var rollout = await world.StartAsync(Quick with { Preflight = phase == RolloutPhase.Preflight });
        var standing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        world.New.Before = async cancellation =>
        {
            // It is recorded before the step begins.
            if ((await world.FindAsync(rollout)).Phase == phase)
            {
                await StandAsync(standing, cancellation);
            }
        };
        var run = world.RunAsync(rollout, decision => decision.Phase.IsEnd() || decision is { Phase: RolloutPhase.Paused, Action: RolloutAction.Wait });
        await standing.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);

        await world.AskAsync(rollout, kind);
        rollout = await run;
        world.New.Before = null;
        return rollout;
    }

    private static async Task StandAsync(TaskCompletionSource standing, CancellationToken cancellation)
    {
        standing.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
    }
}
