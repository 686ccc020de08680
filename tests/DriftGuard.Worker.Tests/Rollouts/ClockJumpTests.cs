using DriftGuard.Core.Rollouts;

namespace DriftGuard.Worker.Tests.Rollouts;

/// <summary>A machine's clock may jump, to either side, between any two steps.</summary>
public sealed class ClockJumpTests
{
    private const int LongestJump = 20 * 60;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_rollout_ends_whole_whatever_the_clock_says(int seed)
    {
        var random = new Random(seed);
        await using var world = await RolloutWorld.WithCorpusAsync();
        var rollout = await world.StartAsync();
        var jumps = 0;

        var ended = await world.RunAsync(rollout, onDecision: _ =>
        {
            if (random.Next(3) == 0)
            {
                jumps++;
                world.Time.PutForward(TimeSpan.FromMinutes(random.Next(-LongestJump, LongestJump)));
            }
        });

        jumps.ShouldBeGreaterThan(0);
        ended.Phase.ShouldBe(RolloutPhase.Completed, ended.Message);
        (await world.ServedByAsync()).ShouldBe(rollout.Green);
        await world.ShouldMirrorAsync(rollout.Green, rollout.Blue, world.New);
    }
}
