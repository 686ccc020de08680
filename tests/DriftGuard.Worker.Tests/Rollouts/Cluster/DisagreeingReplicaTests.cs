using DriftGuard.Core.Rollouts;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Rollouts.Cluster;

/// <summary>Where replicas disagree about a point, a scroll may not show it.</summary>
public sealed class DisagreeingReplicaTests
{
    private const int LeftOut = 5;

    [Fact]
    public async Task An_edit_of_a_point_that_scrolls_leave_out_is_carried_over_and_the_point_stays()
    {
        await using var world = await WithCorpusAsync(peers: 2);
        var rollout = await world.RunAsync(await world.StartAsync(), decision => decision.Phase == RolloutPhase.CatchingUp);
        world.Peers!.LeaveOutOfScrolls(rollout.Blue, LeftOut);
        await world.SetAsync(LeftOut, "text", "an edited text");

        rollout = await world.RunAsync(rollout);

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        var green = await world.ReadAsync(rollout.Green);
        green[$"{LeftOut}"].Payload.ShouldContain("an edited text");
        green[$"{LeftOut}"].Vector.ShouldBe(world.New.VectorOf("an edited text"), tolerance: 1e-6);
    }
}
