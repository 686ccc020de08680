using System.Text.Json.Nodes;
using DriftGuard.Operator.Resources;
using DriftGuard.Operator.Tests.Histories;

namespace DriftGuard.Operator.Tests.Gitops;

/// <summary>What Argo CD and Flux make of the conditions that the operator says.</summary>
public sealed class HealthTests
{
    private const string Index = """{"modelRef":{"name":"alpha"},"calibrationSetRef":{"name":"labels"}}""";
    private const string Other = """{"modelRef":{"name":"beta"}}""";

    [Fact]
    public async Task An_index_is_on_its_way_until_its_model_serves_and_again_after_each_change()
    {
        var world = new World(Index);
        Seen(world, ResourceKind.EmbeddingIndex, "docs").ShouldBe(("Progressing", "InProgress"), "nobody has looked at it");

        await world.SettleAsync();
        Seen(world, ResourceKind.EmbeddingIndex, "docs").ShouldBe(("Healthy", "Current"));

        world.Patch(ResourceKind.EmbeddingIndex, "docs", Other);
        Seen(world, ResourceKind.EmbeddingIndex, "docs").ShouldBe(("Progressing", "InProgress"), "what was said is of the generation before");

        await world.SettleAsync();
        Seen(world, ResourceKind.EmbeddingIndex, "docs").ShouldBe(("Progressing", "InProgress"), "its rollout waits for an approval");
        var rollout = world.Rollouts.ShouldHaveSingleItem().Metadata.Name;
        Seen(world, ResourceKind.Rollout, rollout).ShouldBe(("Suspended", "InProgress"));

        world.Patch(ResourceKind.Rollout, rollout, """{"approved":true}""");
        await world.SettleAsync();
        Seen(world, ResourceKind.Rollout, rollout).ShouldBe(("Healthy", "Current"));
        Seen(world, ResourceKind.EmbeddingIndex, "docs").ShouldBe(("Healthy", "Current"));
    }

    [Fact]
    public async Task What_a_person_has_to_mend_is_degraded_and_says_what()
    {
        var world = new World(Index);
        world.Patch(ResourceKind.EmbeddingModel, "alpha", $$"""{"fingerprint":"{{FakeInstallation.Print('f')}}"}""");
        await world.SettleAsync();

        Seen(world, ResourceKind.EmbeddingModel, "alpha").ShouldBe(("Degraded", "Failed"));
        Seen(world, ResourceKind.EmbeddingIndex, "docs").ShouldBe(("Degraded", "Failed"));
        HealthOfResources.ByArgo(Resource(world, ResourceKind.EmbeddingIndex, "docs")).Message.ShouldContain(FakeInstallation.Print('f'));
    }

    [Fact]
    public async Task What_is_left_alone_is_suspended()
    {
        var world = new World(Index);
        await world.SettleAsync();
        world.Patch(ResourceKind.EmbeddingIndex, "docs", """{"suspend":true}""");
        await world.SettleAsync();

        HealthOfResources.ByArgo(Resource(world, ResourceKind.EmbeddingIndex, "docs")).Status.ShouldBe("Suspended");
    }

    private static JsonNode Resource(World world, ResourceKind kind, string name) => world.Store.Get(kind.Plural, World.Space, name);

    private static (string Argo, string Flux) Seen(World world, ResourceKind kind, string name)
    {
        var resource = Resource(world, kind, name);
        return (HealthOfResources.ByArgo(resource).Status, HealthOfResources.ByConditions(resource));
    }
}
