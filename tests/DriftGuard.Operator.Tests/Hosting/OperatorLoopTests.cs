using DriftGuard.Operator.Resources;
using DriftGuard.Operator.Tests.ApiServer;
using DriftGuard.Operator.Tests.Histories;

namespace DriftGuard.Operator.Tests.Hosting;

/// <summary>The operator as it runs, over HTTP, against an API server.</summary>
public sealed class OperatorLoopTests
{
    private const string Automatic = """{"modelRef":{"name":"alpha"},"calibrationSetRef":{"name":"labels"},"rollout":{"approval":"Automatic"}}""";

    [Fact]
    public async Task A_changed_model_is_rolled_out_and_described_by_events()
    {
        await using var server = await StartAsync(Automatic);
        var installation = new FakeInstallation();
        await using var stepping = new Stepping(installation);
        await using var running = RunningOperator.Start(server, installation);
        await InSyncAsync(server, "alpha");

        server.Patch(ResourceKind.EmbeddingIndex, "docs", """{"modelRef":{"name":"beta"}}""");
        await InSyncAsync(server, "beta");

        var story = server.Story(ResourceKind.EmbeddingIndex, "docs");
        story.ShouldBeSubsetOf(["ModelNotReady", "CalibrationSetNotReady", "Creating", "IndexCreated", "InSync", "ModelChanged", "RolloutCreated", "RolloutStarting", "RolloutInProgress", "Soaking"]);
        string[] told = ["IndexCreated", "InSync", "ModelChanged", "RolloutCreated", "InSync"];
        story.Where(told.Contains).ShouldBe(told);
        var rollout = server.List<Rollout>(ResourceKind.Rollout).ShouldHaveSingleItem();
        await RunningOperator.UntilAsync(() => Ready(server.Read<Rollout>(ResourceKind.Rollout, rollout.Metadata.Name).Status) == "True Completed", () => Ready(server.Read<Rollout>(ResourceKind.Rollout, rollout.Metadata.Name).Status));
        server.Story(ResourceKind.Rollout, rollout.Metadata.Name).ShouldContain("Completed");
    }

    [Fact]
    public async Task Faults_of_the_cluster_and_restarts_change_nothing_of_where_it_ends()
    {
        await using var server = await StartAsync(Automatic);
        var installation = new FakeInstallation();
        await using var stepping = new Stepping(installation);
        var random = new Random(7);
        var gate = new Lock();
        Fault[] faults = [Fault.Fails, Fault.FailsAfterwards, Fault.Throttled, Fault.Conflicts, Fault.Dropped, Fault.Gone];
        server.Faults = asked =>
        {
            lock (gate)
            {
                return asked.Resource != "leases" && random.Next(6) == 0 ? faults[random.Next(faults.Length)] : Fault.None;
            }
        };
        string[] models = ["beta", "gamma", "alpha", "beta"];
        foreach (var (i, model) in models.Index())
        {
            await using var running = RunningOperator.Start(server, installation, $"operator-{i}");
            await RunningOperator.UntilAsync(() => installation.Index("docs") is not null, () => "no index");
            server.Patch(ResourceKind.EmbeddingIndex, "docs", $$$"""{"modelRef":{"name":"{{{model}}}"}}""");
            if (i % 2 == 1)
            {
                server.Store.Compact();
                await InSyncAsync(server, model);
            }
            else
            {
                await RunningOperator.UntilAsync(() => server.List<Rollout>(ResourceKind.Rollout).Count > 0, () => "no rollout");
            }
        }

        server.Faults = _ => Fault.None;
        await using var last = RunningOperator.Start(server, installation, "last");
        await InSyncAsync(server, "beta");
        installation.Rollouts.Select(rollout => rollout.Reference).ShouldBeUnique();
        installation.Rollouts.Count.ShouldBeLessThanOrEqualTo(models.Length);
    }

    [Fact]
    public async Task One_operator_works_at_a_time_and_another_takes_over()
    {
        await using var server = await StartAsync(Automatic);
        var installation = new FakeInstallation();
        var first = RunningOperator.Start(server, installation, "first");
        await RunningOperator.UntilAsync(() => first.Loop.Leads, () => "nobody leads");
        await using var second = RunningOperator.Start(server, installation, "second");
        await InSyncAsync(server, "alpha");
        second.Loop.Leads.ShouldBeFalse();
        ((string?)server.Store.Get("leases", "search", "driftguard-operator")["spec"]!["holderIdentity"]).ShouldBe("first");

        await first.DisposeAsync();
        await RunningOperator.UntilAsync(() => second.Loop.Leads, () => "the second does not take over");
        ((string?)server.Store.Get("leases", "search", "driftguard-operator")["spec"]!["holderIdentity"]).ShouldBe("second");
    }

    [Fact]
    public async Task Two_that_both_believe_to_lead_start_nothing_twice()
    {
        await using var server = await StartAsync(Automatic);
        var installation = new FakeInstallation();
        await using var stepping = new Stepping(installation);
        await using var one = RunningOperator.Start(server, installation, "one", "lease-of-one");
        await using var other = RunningOperator.Start(server, installation, "other", "lease-of-the-other");
        await InSyncAsync(server, "alpha");
        foreach (var model in new[] { "beta", "gamma", "alpha" })
        {
            server.Patch(ResourceKind.EmbeddingIndex, "docs", $$$"""{"modelRef":{"name":"{{{model}}}"}}""");
            await InSyncAsync(server, model);
        }

        (one.Loop.Leads, other.Loop.Leads).ShouldBe((true, true));
        server.List<Rollout>(ResourceKind.Rollout).Count.ShouldBe(3);
        installation.Rollouts.Count.ShouldBe(3);
    }

    [Fact]
    public async Task The_same_thing_told_again_is_counted()
    {
        await using var server = await StartAsync(Automatic);
        var installation = new FakeInstallation();
        await using var running = RunningOperator.Start(server, installation);
        await InSyncAsync(server, "alpha");

        for (var i = 0; i < 2; i++)
        {
            server.Patch(ResourceKind.EmbeddingIndex, "docs", """{"calibrationSetRef":{"name":"nothing"}}""");
            await RunningOperator.UntilAsync(() => Ready(server.Read<EmbeddingIndex>(ResourceKind.EmbeddingIndex, "docs").Status) == "False CalibrationSetNotFound", () => "it is not said");
            server.Patch(ResourceKind.EmbeddingIndex, "docs", """{"calibrationSetRef":{"name":"labels"}}""");
            await InSyncAsync(server, "alpha");
        }

        server.Store.List("events", "search").Single(told => (string)told["reason"]! == "CalibrationSetNotFound")["count"]!.AsLong().ShouldBe(2);
    }

    private static async Task<TestApiServer> StartAsync(string index)
    {
        var server = await TestApiServer.StartAsync();
        foreach (var model in new FakeInstallation().Models.Keys)
        {
            server.Make(ResourceKind.EmbeddingModel, model, "{}");
        }

        server.Make(ResourceKind.CalibrationSet, FakeInstallation.Set, "{}");
        server.Make(ResourceKind.EmbeddingIndex, "docs", index);
        return server;
    }

    private static Task InSyncAsync(TestApiServer server, string model) => RunningOperator.UntilAsync(
        () => server.Read<EmbeddingIndex>(ResourceKind.EmbeddingIndex, "docs") is var index && Ready(index.Status) == "True InSync" && index.Status.Model == model
            && index.Status.ObservedGeneration == index.Generation,
        () => $"{server.Store.Get("embeddingindexes", "search", "docs").ToJsonString()}\n{string.Join('\n', server.Store.List("rollouts", "search").Select(json => json.ToJsonString()))}");

    private static string Ready(ResourceStatus status) => status.Of(Condition.Ready);

    /// <summary>Rollouts go on by themselves.</summary>
    private sealed class Stepping : IAsyncDisposable
    {
        private readonly CancellationTokenSource _ended = new();
        private readonly Task _running;

        public Stepping(FakeInstallation installation) => _running = Task.Run(async () =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(40));
            while (await timer.WaitForNextTickAsync(_ended.Token))
            {
                installation.Step();
            }
        });

        public async ValueTask DisposeAsync()
        {
            await _ended.CancelAsync();
            await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _ended.Dispose();
        }
    }
}
