using DriftGuard.Core.Gate;
using DriftGuard.Core.Rollouts;
using static DriftGuard.Core.Tests.Rollouts.RolloutExample;

namespace DriftGuard.Core.Tests.Rollouts;

/// <summary>Laws of a rollout over thousands of seeded histories with crashes, requests and other hands at the aliases.</summary>
public sealed class RolloutSimulationTests
{
    private const int Seeds = 3_000;
    private const int StepsOfTrouble = 80;
    private const int StepsToEnd = 2_000;
    private const string Foreign = "docs-cccccccc-000000000003";
    private const string ByHand = "docs-by-hand";

    private static readonly RolloutSettings Settings = new()
    {
        Soak = TimeSpan.FromMinutes(20),
        SoakCheckInterval = TimeSpan.FromMinutes(2),
        Retention = TimeSpan.FromHours(1),
    };

    [Fact]
    public void A_rollout_that_is_cut_off_anywhere_ends_with_the_same_points_as_one_that_is_not() => ForEachSeed(seed =>
    {
        var world = new RolloutSimulation(seed, Settings) { Crash = .3 };
        var calm = new RolloutSimulation(seed, Settings);

        RunToTheEnd(world);
        RunToTheEnd(calm);

        world.Stored.Phase.ShouldBe(RolloutPhase.Completed);
        Require(world.ProvenCanaries > 0, "green was used before the step that creates it was done");
        calm.Stored.Phase.ShouldBe(RolloutPhase.Completed);
        Require(SamePoints(world.Qdrant.Points(Green), calm.Qdrant.Points(Green)), "the points differ");
        ServedBy(world).ShouldBe(Green);
    });

    [Fact]
    public void Whatever_happens_the_laws_hold_and_the_rollout_ends() => ForEachSeed(seed =>
    {
        var random = new Random(~seed);
        var world = new RolloutSimulation(seed, Settings)
        {
            Crash = .3,
            Worse = .3,
            Gate = r => r.Next(10) switch { 0 => GateDecision.Refused, 1 => GateDecision.Blocked, 2 => GateDecision.Inconclusive, _ => GateDecision.Passed },
        };

        for (var step = 0; step < StepsOfTrouble; step++)
        {
            Trouble(world, random);
            StepUnderTheLaws(world);
        }

        Calm(world);
        RunToTheEnd(world);
        world.ApplyLate();
        TheLawsHold(world);
        (world.Stored.Switch?.Outcome == SwitchOutcome.Unknown && world.Stored.Reason != RolloutReason.Superseded).ShouldBeFalse("a rollout ended before its switch was settled");
    });

    [Fact]
    public void After_an_abort_no_switch_of_the_rollout_applies() => ForEachSeed(seed =>
    {
        var random = new Random(~seed);
        var world = new RolloutSimulation(seed, Settings) { Crash = .4 };
        for (var step = random.Next(60); step > 0; step--)
        {
            StepUnderTheLaws(world);
        }

        world.Ask(RequestKind.Abort);
        RunToTheEnd(world);
        world.ApplyLate();

        if (world.Stored.Phase == RolloutPhase.Aborted)
        {
            world.SwitchesApplied.ShouldBeEmpty();
            ServedBy(world).ShouldBe(Blue);
            world.Qdrant.Exists(Green).ShouldBeFalse();
        }
        else
        {
            ServedBy(world).ShouldBe(Green, "an abort that came too late leaves the cutover as it is");
        }
    });

    [Fact]
    public void A_rollback_carries_the_writes_since_the_cutover_back() => ForEachSeed(seed =>
    {
        var random = new Random(~seed);
        var world = new RolloutSimulation(seed, Settings) { Crash = .2 };
        Until(world, w => w.Stored.Serving == Side.Green);
        for (var write = random.Next(10); write >= 0; write--)
        {
            world.Write(Green);
            world.Delete(Green);
        }

        var written = new Dictionary<int, int>(world.Qdrant.Points(Green));
        world.Ask(RequestKind.Rollback);
        RunToTheEnd(world);

        world.Stored.Phase.ShouldBe(RolloutPhase.RolledBack);
        ServedBy(world).ShouldBe(Blue);
        Require(SamePoints(world.Qdrant.Points(Blue), written), "the points differ");
    });

    [Fact]
    public void A_breach_in_the_soak_rolls_back_by_itself_and_says_so() => ForEachSeed(seed =>
    {
        var world = new RolloutSimulation(seed, Settings) { Crash = .2, Worse = 1 };

        RunToTheEnd(world);

        world.Stored.Phase.ShouldBe(RolloutPhase.RolledBack);
        world.Stored.LastSoakCheck!.Breach.ShouldBeTrue();
        ServedBy(world).ShouldBe(Blue);
    });

    private static void ForEachSeed(Action<int> history)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            try
            {
                history(seed);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"seed {seed}: {exception.Message}", exception);
            }
        }
    }

    private static void Trouble(RolloutSimulation world, Random random)
    {
        switch (random.Next(60))
        {
            case < 6:
                world.ApplyLate();
                break;
            case < 10:
                Write(world);
                break;
            case 10:
                world.Ask(RequestKind.Pause);
                break;
            case < 14:
                world.Ask(RequestKind.Resume);
                break;
            case 14 when world.Stored.Serving == Side.Blue:
                world.Ask(RequestKind.Abort);
                break;
            case 15 when world.Stored.Serving == Side.Green:
                world.Ask(RequestKind.Rollback);
                break;
            case 16 when random.Next(3) == 0:
                SwitchByAnother(world);
                break;
            case 17:
                world.Qdrant.Create(ByHand);
                world.Qdrant.Point(RolloutSimulation.Index, ByHand);
                break;
            case < 25:
                MendByHand(world);
                break;
        }
    }

    private static void Write(RolloutSimulation world)
    {
        if (world.Qdrant.Exists(ServedBy(world)))
        {
            world.Write(ServedBy(world));
            world.Delete(ServedBy(world));
        }
    }

    /// <summary>A competing rollout wins the epoch with a collection of its own.</summary>
    private static void SwitchByAnother(RolloutSimulation world)
    {
        if (world.Observe() is { Token: { } token } seen && token.Target == seen.IndexTarget)
        {
            world.Qdrant.Create(Foreign);
            world.Qdrant.Switch(RolloutSimulation.Index, token.Token.AliasName, token.Token.Next().AliasName, Foreign);
        }
    }

    private static void MendByHand(RolloutSimulation world) =>
        world.Qdrant.Point(RolloutSimulation.Index, world.Observe().Token!.Target);

    private static void Calm(RolloutSimulation world)
    {
        world.Crash = 0;
        world.Worse = 0;
        world.Gate = _ => GateDecision.Passed;
        MendByHand(world);
        world.Pass(TimeSpan.FromSeconds(1));
        world.Ask(RequestKind.Resume);
    }

    private static void RunToTheEnd(RolloutSimulation world) => Until(world, w => w.Stored.EndedAt is not null);

    private static void Until(RolloutSimulation world, Func<RolloutSimulation, bool> holds)
    {
        for (var step = 0; !holds(world); step++)
        {
            Require(step < StepsToEnd, $"no end in sight: {world.Stored.Phase}, {world.Stored.Reason}: {world.Stored.Message}");
            StepUnderTheLaws(world);
        }
    }

    private static void StepUnderTheLaws(RolloutSimulation world)
    {
        var before = world.Observe();
        var ours = before.Rollout.Switch is { Outcome: SwitchOutcome.Unknown } attempt
            && (before.Token?.Token == attempt.Token || (attempt.Repairs && before.Token?.Token == attempt.From));
        var apart = before.IndexTarget != before.Token?.Target && !ours;
        var decision = world.Step();
        if (apart && decision.Reason != RolloutReason.AbortRequested && before.Rollout.EndedAt is null)
        {
            Require(decision.Action == RolloutAction.Wait, "alias and token are apart, and the rollout does not stand still");
        }

        TheLawsHold(world);
        world.Pass(decision.Action == RolloutAction.Wait ? decision.LookAgainAfter ?? TimeSpan.FromMinutes(1) : TimeSpan.FromMilliseconds(50));
    }

    private static void TheLawsHold(RolloutSimulation world)
    {
        Require(world.Qdrant.TokensEver.DistinctBy(t => EpochToken.Parse(RolloutSimulation.Index, t)!.Epoch).Count() == world.Qdrant.TokensEver.Count, "an epoch has two winners");
        Require(world.Qdrant.Aliases.Count == 2, "an index has one alias and one token");
        Require(world.Qdrant.Aliases.Values.All(world.Qdrant.Exists), "an alias points to a collection that is gone");
        Require(world.SwitchesApplied is [] or [Side.Green] or [Side.Green, Side.Blue], "a rollout switches once to green, and once back");
    }

    private static bool SamePoints(Dictionary<int, int> one, Dictionary<int, int> other) => one.Count == other.Count && !one.Except(other).Any();

    /// <summary>Asked a million times, so without the cost of a described assertion.</summary>
    private static void Require(bool holds, string law)
    {
        if (!holds)
        {
            Assert.Fail(law);
        }
    }

    private static string ServedBy(RolloutSimulation world) => world.Qdrant.Aliases[RolloutSimulation.Index];
}
