using CsCheck;
using DriftGuard.Core.Rollouts;
using DriftGuard.Operator.Cluster;
using DriftGuard.Operator.Installations;
using DriftGuard.Operator.Reconciling;
using DriftGuard.Operator.Resources;

namespace DriftGuard.Operator.Tests.Histories;

/// <summary>Whatever fails, in whatever order, and however often the operator is restarted in its middle: what is declared comes about, and nothing is started twice.</summary>
public sealed class ConvergenceTests
{
    private const int Histories = 400;
    private const string Missing = "nothing";
    private static readonly string[] Models = ["alpha", "beta", "gamma", Missing];
    private static readonly ResourceKind[] Kinds = [.. ResourceKind.All];

    [Fact]
    public Task Every_history_converges_and_no_rollout_is_started_twice() => Gen.Select(Gen.Int, Gen.Int[5, 60], (seed, length) => (Seed: seed, Length: length)).SampleAsync(async history =>
    {
        var random = new Random(history.Seed);
        var world = new World();
        Fail(world, random);
        var changes = 0;
        for (var i = 0; i < history.Length; i++)
        {
            changes += await StepAsync(world, random);
        }

        changes += LetGoOn(world);
        await world.SettleAsync();

        var declared = world.Index.Spec.ModelRef.Name;
        world.Index.Status.Of(Condition.Ready).ShouldBe("True InSync", OperatorJson.ToNode(world.Index).ToJsonString());
        world.Installation.Index("docs")!.Model.ShouldBe(declared);
        var started = world.Installation.Rollouts;
        started.Select(rollout => rollout.Reference).ShouldBeUnique();
        started.ShouldAllBe(rollout => rollout.Reference != null);
        started.Count.ShouldBeLessThanOrEqualTo(changes);
        world.Rollouts.Select(rollout => rollout.FoundId).ShouldAllBe(found => found == null);
    }, iter: Histories, threads: 1);

    [Fact]
    public Task What_is_done_past_the_resource_is_repaired_where_that_is_declared() => Gen.Select(Gen.Int, Gen.Int[5, 60], (seed, length) => (Seed: seed, Length: length)).SampleAsync(async history =>
    {
        var random = new Random(history.Seed);
        var world = new World("""{"modelRef":{"name":"alpha"},"rollout":{"approval":"Automatic"},"onDivergence":"Repair"}""");
        Fail(world, random);
        for (var i = 0; i < history.Length; i++)
        {
            await StepAsync(world, random);
            Meddle(world, random);
        }

        LetGoOn(world);
        await world.SettleAsync(120);
        world.Index.Status.Of(Condition.Ready).ShouldBe("True InSync", OperatorJson.ToNode(world.Index).ToJsonString());
        world.Installation.Index("docs")!.Model.ShouldBe(world.Index.Spec.ModelRef.Name);
        world.Installation.Rollouts.Where(rollout => rollout.Reference is not null).Select(rollout => rollout.Reference).ShouldBeUnique();
    }, iter: Histories, threads: 1);

    [Fact]
    public async Task Nothing_ever_writes_a_spec()
    {
        var world = new World();
        await world.SettleAsync();
        world.Patch(ResourceKind.EmbeddingIndex, "docs", """{"modelRef":{"name":"beta"}}""");
        await world.SettleAsync();

        world.Store.List("embeddingindexes", World.Space).Single()["metadata"]!["generation"]!.ToJsonString().ShouldBe("2");
        foreach (var kind in Kinds)
        {
            world.Store.List(kind.Plural, World.Space).Where(resource => (string)resource["metadata"]!["name"]! != "docs").ShouldAllBe(resource => resource["metadata"]!["generation"]!.ToJsonString() == "1");
        }
    }

    /// <summary>Faults end, and people let go on what they held, under a model that there is.</summary>
    /// <returns>Changes of the model that this took.</returns>
    private static int LetGoOn(World world)
    {
        Calm(world);
        world.Patch(ResourceKind.EmbeddingIndex, "docs", """{"suspend":false}""");
        foreach (var paused in world.Rollouts.Where(rollout => rollout.Spec.Desired == DesiredRollout.Paused))
        {
            world.Patch(ResourceKind.Rollout, paused.Metadata.Name, """{"desired":"Running"}""");
        }

        if (world.Index.Spec.ModelRef.Name == Missing)
        {
            world.Patch(ResourceKind.EmbeddingIndex, "docs", """{"modelRef":{"name":"gamma"}}""");
            return 1;
        }

        return 0;
    }

    private static async Task<int> StepAsync(World world, Random random)
    {
        switch (random.Next(12))
        {
            case 0:
                var model = Models[random.Next(Models.Length)];
                var other = world.Index.Spec.ModelRef.Name != model;
                world.Patch(ResourceKind.EmbeddingIndex, "docs", $$$"""{"modelRef":{"name":"{{{model}}}"}}""");
                return other ? 1 : 0;
            case 1:
                world.Patch(ResourceKind.EmbeddingIndex, "docs", random.Next(2) == 0 ? """{"suspend":true}""" : """{"suspend":false}""");
                return 0;
            case 2:
                world.Installation.ForgetKeys();
                return 0;
            case 3 when world.Rollouts is { Count: > 0 } rollouts:
                world.Patch(ResourceKind.Rollout, rollouts[random.Next(rollouts.Count)].Metadata.Name, random.Next(2) == 0 ? """{"desired":"Paused"}""" : """{"desired":"Running"}""");
                return 0;
            case 4 or 5:
                world.Installation.Step();
                return 0;
            default:
                world.Time.Advance(TimeSpan.FromSeconds(random.Next(60)));
                var kind = Kinds[random.Next(Kinds.Length)];
                var all = world.Store.List(kind.Plural, World.Space);
                if (all.Count > 0)
                {
                    await world.LookAsync(kind, (string)all[random.Next(all.Count)]["metadata"]!["name"]!);
                }

                return 0;
        }
    }

    /// <summary>Somebody steers rollouts by commands.</summary>
    private static void Meddle(World world, Random random)
    {
        if (random.Next(6) != 0 || world.Installation.Index("docs") is null)
        {
            return;
        }

        var known = world.Installation.Rollouts;
        _ = random.Next(3) switch
        {
            0 => world.Installation.Past(new OperatorAction.StartRollout("docs", new(Models[random.Next(Models.Length)], Approved: true))),
            1 when known.Count > 0 => world.Installation.Past(new OperatorAction.AskRollout(known[^1].Id, RequestKind.Rollback, null)),
            2 when known.Count > 0 => world.Installation.Past(new OperatorAction.AskRollout(known[^1].Id, random.Next(2) == 0 ? RequestKind.Abort : RequestKind.Pause, null)),
            _ => false,
        };
    }

    /// <summary>One call in five fails, one half of those when it is done already.</summary>
    private static void Fail(World world, Random random)
    {
        world.Cluster.Fault = when => Throw(random, new ClusterException(random.Next(2) == 0 ? ClusterError.Unavailable : ClusterError.Conflict, when));
        world.Installation.Fault = when => Throw(random, new UnreachableException(when));
    }

    private static void Calm(World world)
    {
        world.Cluster.Fault = _ => { };
        world.Installation.Fault = _ => { };
    }

    private static void Throw(Random random, Exception failure)
    {
        if (random.Next(10) == 0)
        {
            throw failure;
        }
    }
}
