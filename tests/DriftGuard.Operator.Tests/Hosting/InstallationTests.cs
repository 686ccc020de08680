using DriftGuard.Cli.Tests.Api;
using DriftGuard.Cli.Tests.Commands.Drift;
using DriftGuard.Core.Access;
using DriftGuard.Operator.Installations;
using DriftGuard.Operator.Resources;
using DriftGuard.Operator.Tests.ApiServer;
using DriftGuard.Operator.Tests.Histories;
using DriftGuard.Worker.Api.Client;
using DriftGuard.Worker.Indexes;
using Microsoft.Extensions.DependencyInjection;

namespace DriftGuard.Operator.Tests.Hosting;

/// <summary>The whole of it: an installation as it is served, with its Qdrant and its models, an API server, and the operator between them.</summary>
public sealed class InstallationTests
{
    private const string Small = "static-wordpiece-128";
    private const string Better = "all-minilm-l6-v2-int8";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task An_index_is_made_rolled_over_to_another_model_checked_and_left_as_it_is_when_its_resource_goes() => ApiInstallation.RunAsync(async api =>
    {
        await using var server = await TestApiServer.StartAsync();
        using var client = new ManagementClient(api.Address, await api.KeyAsync("operator", ManagementRole.Admin));
        server.Make(ResourceKind.EmbeddingModel, "small", $$"""{"name":"{{Small}}"}""");
        server.Make(ResourceKind.EmbeddingModel, "better", $$"""{"name":"{{Better}}"}""");
        server.Make(ResourceKind.CalibrationSet, "questions", $$"""{"name":"{{CheckedIndex.Set}}"}""");
        server.Make(ResourceKind.EmbeddingIndex, "wiki", """{"modelRef":{"name":"small"},"calibrationSetRef":{"name":"questions"},"rollout":{"preflight":false}}""");
        await using var running = RunningOperator.Start(server, new HttpInstallation(client));
        await ReadyAsync(server, "True InSync");
        await LoadAsync(api);

        server.Patch(ResourceKind.EmbeddingIndex, "wiki", """{"modelRef":{"name":"better"}}""");
        await ReadyAsync(server, "False AwaitingApproval");
        var rollout = server.List<Rollout>(ResourceKind.Rollout).ShouldHaveSingleItem();
        await RunningOperator.UntilAsync(() => (rollout = server.List<Rollout>(ResourceKind.Rollout).Single()).Status.Of(Condition.AwaitingApproval) == "True AwaitingApproval", () => "it asks for no approval");
        rollout.Status.Gate.Select(row => row.Condition).ShouldContain("complete");
        (rollout.Status.From, rollout.Status.Id, rollout.Spec.Approved).ShouldBe((Small, "wiki-r1", false));
        Serves(server).ShouldBe(Small);

        server.Patch(ResourceKind.Rollout, rollout.Metadata.Name, """{"approved":true,"reason":"the team has read the report"}""");
        await ReadyAsync(server, "True Soaking");
        Serves(server).ShouldBe(Better);
        server.Patch(ResourceKind.Rollout, rollout.Metadata.Name, """{"desired":"Promoted"}""");
        await ReadyAsync(server, "True InSync");
        await RunningOperator.UntilAsync(() => server.List<Rollout>(ResourceKind.Rollout).Single().Status.Of(Condition.Ready) == "True Completed", () => "not completed");

        server.Make(ResourceKind.DriftCheck, "now", """{"indexRef":{"name":"wiki"},"detectors":["Schema","Model"]}""");
        await RunningOperator.UntilAsync(() => server.Read<DriftCheck>(ResourceKind.DriftCheck, "now").Status.Of(Condition.Healthy) == "True None", () => server.Store.Get("driftchecks", "search", "now").ToJsonString());

        var collection = server.Read<EmbeddingIndex>(ResourceKind.EmbeddingIndex, "wiki").Status.Collection!;
        server.Store.Delete("embeddingindexes", "search", "wiki");
        await RunningOperator.UntilAsync(() => server.List<EmbeddingIndex>(ResourceKind.EmbeddingIndex).Count == 0, () => "it is not let go");
        var kept = (await api.CallAsync("GET", "/api/v1/indexes/wiki", await api.KeyAsync("viewer", ManagementRole.Viewer))).Body;
        (kept.GetProperty("collection").GetString(), kept.GetProperty("model").GetString()).ShouldBe((collection, Better));
        server.List<Rollout>(ResourceKind.Rollout).ShouldBeEmpty("what belongs to an index goes with it");
        (await api.CallAsync("GET", "/api/v1/audit?index=wiki", await api.KeyAsync("auditor", ManagementRole.Viewer))).Body.GetRawText().ShouldContain("the team has read the report");
    }, options => options with { Security = ApiInstallation.Closed });

    [Fact]
    public Task Where_the_policy_says_so_the_collections_go_with_the_resource() => ApiInstallation.RunAsync(async api =>
    {
        await using var server = await TestApiServer.StartAsync();
        using var client = new ManagementClient(api.Address, () => null);
        server.Make(ResourceKind.EmbeddingModel, Small, "{}");
        // The index is there already: it is taken as it is.
        server.Make(ResourceKind.EmbeddingIndex, CheckedIndex.Index, $$$"""{"modelRef":{"name":"{{{Small}}}"},"deletionPolicy":"Delete"}""");
        await using var running = RunningOperator.Start(server, new HttpInstallation(client));
        await RunningOperator.UntilAsync(() => server.Read<EmbeddingIndex>(ResourceKind.EmbeddingIndex, CheckedIndex.Index).Status.Of(Condition.Ready) == "True InSync", () => "not in sync");

        server.Store.Delete("embeddingindexes", "search", CheckedIndex.Index);
        await RunningOperator.UntilAsync(() => server.List<EmbeddingIndex>(ResourceKind.EmbeddingIndex).Count == 0, () => server.Store.Get("embeddingindexes", "search", CheckedIndex.Index).ToJsonString());
        (await api.CallAsync("GET", "/api/v1/indexes")).Body.GetArrayLength().ShouldBe(0);
        server.Story(ResourceKind.EmbeddingIndex, CheckedIndex.Index).ShouldContain("IndexDeleted");
    });

    private static Task ReadyAsync(TestApiServer server, string condition) => RunningOperator.UntilAsync(
        () => server.Read<EmbeddingIndex>(ResourceKind.EmbeddingIndex, "wiki") is var index && index.Status.Of(Condition.Ready) == condition && index.Status.ObservedGeneration == index.Generation,
        () => $"{server.Store.Get("embeddingindexes", "search", "wiki").ToJsonString()}\n{string.Join('\n', server.Store.List("rollouts", "search").Select(json => json.ToJsonString()))}");

    private static string? Serves(TestApiServer server) => server.Read<EmbeddingIndex>(ResourceKind.EmbeddingIndex, "wiki").Status.Model;

    private static async Task LoadAsync(ApiInstallation api)
    {
        var services = api.Host.Services;
        var index = await services.GetRequiredService<IndexService>().ShowAsync("wiki", Cancellation);
        var corpus = services.GetRequiredService<CorpusReader>().Of(index.Definition, new() { File = Path.Join(CheckedIndex.SetFolder, "corpus.jsonl") });
        (await services.GetRequiredService<IndexLoader>().LoadAsync(index, corpus, null, Cancellation)).Parked.ShouldBeEmpty();
    }
}
