using DriftGuard.Core.Rollouts;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Rollouts;

/// <summary>A soak compares with what the gate saw, also where people go on with the labels meanwhile.</summary>
public sealed class SoakLabelTests
{
    private static readonly RolloutSettings Soaking = Quick with { Soak = TimeSpan.FromHours(1), SoakCheckInterval = TimeSpan.FromMinutes(1) };

    [Fact]
    public async Task Labels_that_are_added_meanwhile_are_no_loss()
    {
        await using var world = await WithCorpusAsync();
        var rollout = await world.RunAsync(await world.StartAsync(Soaking), decision => decision.Phase == RolloutPhase.Soaking);

        // Every second query is answered by another document as well, which neither side finds first.
        world.AddJudgements(Set, Enumerable.Range(1, Queries).Where(document => document % 2 == 0).Select(document => (document, document + 150)));
        for (var look = 1; look <= 3; look++)
        {
            world.Time.PutForward(TimeSpan.FromMinutes(2));
            var before = rollout.LastSoakCheck?.At;
            rollout = await world.RunAsync(rollout, _ => world.FindAsync(rollout).GetAwaiter().GetResult().LastSoakCheck?.At != before);

            rollout.LastSoakCheck!.WorseInARow.ShouldBe(0, rollout.LastSoakCheck.Message);
        }

        rollout.Phase.ShouldBe(RolloutPhase.Soaking, rollout.Message);
    }

    [Fact]
    public async Task A_soak_whose_labels_were_all_replaced_judges_nothing_and_says_so()
    {
        await using var world = await WithCorpusAsync();
        var rollout = await world.RunAsync(await world.StartAsync(Soaking), decision => decision.Phase == RolloutPhase.Soaking);

        world.AddJudgements(Set, Enumerable.Range(1, Queries).Select(document => (document, document + 150)));
        world.Time.PutForward(TimeSpan.FromMinutes(2));
        rollout = await world.RunAsync(rollout, _ => world.FindAsync(rollout).GetAwaiter().GetResult().LastSoakCheck is not null);

        rollout.LastSoakCheck!.Breach.ShouldBeFalse();
        rollout.LastSoakCheck.Message.ShouldContain("has the judgements of the gate");
    }
}
