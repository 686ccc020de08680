using System.Net;
using System.Text.Json.Nodes;
using DriftGuard.Embedding;

namespace DriftGuard.Client.Tests;

/// <summary>The client library against the executable, with real models, through a change of the model.</summary>
public sealed class IndexClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_application_that_embeds_by_itself_follows_a_change_of_the_model()
    {
        using var served = await ServedIndex.StartAsync();
        var index = new IndexClient(served.Http, ServedIndex.Name);
        var opened = new List<string>();
        using var first = EmbeddingModel.Open(ServedIndex.FolderOf(ServedIndex.First));
        using var second = EmbeddingModel.Open(ServedIndex.FolderOf(ServedIndex.Second));
        var embedding = new EmbeddingIndexClient(index, model =>
        {
            opened.Add(model.Name);
            return model.Name == ServedIndex.First ? first : second;
        });

        var before = await embedding.SearchAsync(ServedIndex.Sentences[6], cancellation: Cancellation);
        before.Results[0].Id.GetInt64().ShouldBe(7);
        before.Fingerprint.ShouldBe(first.Fingerprint.Id);

        await served.ChangeAsync();
        IndexRoute? now = null;
        await foreach (var route in index.FollowAsync(Cancellation))
        {
            now = route;
            if (route.QueryModel.Name == ServedIndex.Second)
                break;
        }

        var after = await embedding.SearchAsync(ServedIndex.Sentences[6], cancellation: Cancellation);
        after.Results[0].Id.GetInt64().ShouldBe(7);
        (after.Fingerprint, after.Epoch, after.Collection).ShouldBe((second.Fingerprint.Id, now!.Epoch, now.Collection));
        after.Epoch.ShouldBeGreaterThan(before.Epoch);
        opened.ShouldBe([ServedIndex.First, ServedIndex.Second]);
    }

    [Fact]
    public async Task Points_are_written_and_found_by_their_texts_and_mistakes_are_told()
    {
        using var served = await ServedIndex.StartAsync();
        var index = new IndexClient(served.Http, ServedIndex.Name);

        await index.PutAsync([new JsonObject { ["id"] = 900, ["text"] = "a lighthouse keeper paints boats", ["payload"] = new JsonObject { ["kind"] = "note" } }], Cancellation);
        await index.PatchAsync([new JsonObject { ["id"] = 900, ["payload"] = new JsonObject { ["n"] = 2 } }], Cancellation);
        var found = await index.SearchAsync("who paints boats?", new() { Limit = 1, Filter = JsonNode.Parse("""{"must": {"key": "kind", "match": {"value": "note"}}}""") }, Cancellation);
        found.Results.ShouldHaveSingleItem().Payload.GetProperty("n").GetInt64().ShouldBe(2);

        await index.DeleteAsync([900], Cancellation);
        (await index.SearchAsync("who paints boats?", cancellation: Cancellation)).Results.ShouldNotContain(hit => hit.Id.GetInt64() == 900);
        (await index.SearchAsync(new float[128].Select(_ => 1f).ToArray(), new string('a', 64), cancellation: Cancellation)).ShouldBeNull("no model has that fingerprint");
        (await Should.ThrowAsync<DriftGuardException>(() => new IndexClient(served.Http, "nope").RouteAsync(Cancellation))).ShouldSatisfyAllConditions(
            refused => refused.Status.ShouldBe(HttpStatusCode.NotFound),
            refused => refused.Message.ShouldBe("there is no index 'nope'; known: docs"));
    }
}
