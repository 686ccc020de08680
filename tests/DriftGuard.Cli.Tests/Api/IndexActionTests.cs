using System.Text.Json;
using DriftGuard.Core.Access;

namespace DriftGuard.Cli.Tests.Api;

/// <summary>Indexes made, judged by another set, and forgotten by the management API.</summary>
public sealed class IndexActionTests
{
    private const string Model = "static-wordpiece-128";
    private const string Set = "xquad-en";
    private const string Indexes = "/api/v1/indexes";

    [Fact]
    public Task An_index_is_made_once_under_its_key_and_judged_by_the_set_that_is_said() => ApiInstallation.RunAsync(async api =>
    {
        var key = ("Idempotency-Key", "make-shop");
        var asked = new { name = "shop", model = Model, textField = "body", reason = "a shop opens" };
        var (status, made) = await api.CallAsync("POST", Indexes, null, asked, key);
        (status, made.GetProperty("model").GetString(), made.GetProperty("textField").GetString(), made.GetProperty("epoch").GetInt64()).ShouldBe((200, Model, "body", 1L));
        (await api.CallAsync("POST", Indexes, null, asked, key)).Body.GetProperty("collection").GetString().ShouldBe(made.GetProperty("collection").GetString());
        (await api.CallAsync("POST", Indexes, null, asked)).Status.ShouldBe(409);

        (await api.CallAsync("POST", $"{Indexes}/shop/calibration-set", null, new { calibrationSet = Set })).Body.GetProperty("calibrationSet").GetString().ShouldBe(Set);
        (await api.CallAsync("POST", $"{Indexes}/shop/calibration-set", null, new { calibrationSet = (string?)null })).Body.GetProperty("calibrationSet").ValueKind.ShouldBe(JsonValueKind.Null);
        var audit = (await api.CallAsync("GET", "/api/v1/audit?index=shop")).Body.EnumerateArray().ToList();
        audit.Select(entry => entry.GetProperty("event").GetString()).ShouldBe(["index_changed", "index_changed", "index_enrolled"]);
        audit[^1].GetProperty("why").GetString().ShouldBe("a shop opens");
    });

    [Fact]
    public Task An_index_that_is_forgotten_leaves_its_collection_which_can_be_taken_again() => ApiInstallation.RunAsync(async api =>
    {
        var before = (await api.CallAsync("GET", $"{Indexes}/docs")).Body;
        var collection = before.GetProperty("collection").GetString()!;
        (await api.CallAsync("DELETE", $"{Indexes}/docs?collections=burn")).Status.ShouldBe(400);

        var (status, forgotten) = await api.CallAsync("DELETE", $"{Indexes}/docs?reason=over");
        (status, forgotten.GetProperty("kept").EnumerateArray().Single().GetString(), forgotten.GetProperty("deleted").GetArrayLength()).ShouldBe((200, collection, 0));
        (await api.CallAsync("GET", $"{Indexes}/docs")).Status.ShouldBe(404);
        (await api.CallAsync("DELETE", $"{Indexes}/docs")).Status.ShouldBe(404);

        var again = (await api.CallAsync("POST", Indexes, null, new { name = "docs", model = Model, collection, calibrationSet = Set })).Body;
        (again.GetProperty("collection").GetString(), again.GetProperty("points").GetUInt64()).ShouldBe((collection, before.GetProperty("points").GetUInt64()));
    });

    [Fact]
    public Task Its_collections_go_with_it_where_that_is_said_but_none_that_somebody_else_points_to() => ApiInstallation.RunAsync(async api =>
    {
        var collection = (await api.CallAsync("GET", $"{Indexes}/docs")).Body.GetProperty("collection").GetString()!;
        await api.Installation.Qdrant.ChangeAliasesAsync([new Qdrant.AliasChange.Create("theirs", collection)], TestContext.Current.CancellationToken);
        var (refused, problem) = await api.CallAsync("DELETE", $"{Indexes}/docs?collections=delete");
        (refused, problem.GetProperty("detail").GetString()!.Contains("theirs", StringComparison.Ordinal)).ShouldBe((409, true));
        (await api.CallAsync("GET", $"{Indexes}/docs")).Status.ShouldBe(200);

        await api.Installation.Qdrant.ChangeAliasesAsync([new Qdrant.AliasChange.Delete("theirs")], TestContext.Current.CancellationToken);
        (await api.CallAsync("DELETE", $"{Indexes}/docs?collections=delete")).Body.GetProperty("deleted").EnumerateArray().Single().GetString().ShouldBe(collection);
        (await api.Installation.Qdrant.ExistsAsync(collection, TestContext.Current.CancellationToken)).ShouldBeFalse();
        (await api.CallAsync("GET", Indexes)).Body.GetArrayLength().ShouldBe(0);
    });

    [Fact]
    public Task A_rollout_that_was_started_under_a_reference_is_not_started_again_under_it() => ApiInstallation.RunAsync(async api =>
    {
        object Asked(string reference) => new { to = "all-minilm-l6-v2-int8", preflight = false, requireApproval = true, reference };
        var first = (await api.CallAsync("POST", $"{Indexes}/docs/rollouts", null, Asked("7f1c"))).Body.GetProperty("rollout");
        var second = (await api.CallAsync("POST", $"{Indexes}/docs/rollouts", null, Asked("7f1c"))).Body.GetProperty("rollout");

        (first.GetProperty("id").GetString(), second.GetProperty("id").GetString(), first.GetProperty("reference").GetString()).ShouldBe(("docs-r1", "docs-r1", "7f1c"));
        (await api.CallAsync("POST", $"{Indexes}/docs/rollouts", null, Asked("other"))).Status.ShouldBe(409);
        (await api.CallAsync("DELETE", $"{Indexes}/docs")).Status.ShouldBe(409, "a rollout has not ended");
        (await api.CallAsync("POST", $"{Indexes}/docs/rollouts", null, Asked(new string('x', 300)))).Status.ShouldBe(400);
    });

    [Fact]
    public Task Making_and_forgetting_is_an_admins() => ApiInstallation.RunAsync(async api =>
    {
        var operates = await api.KeyAsync("operates", ManagementRole.Operator);
        (await api.CallAsync("POST", Indexes, operates, new { name = "shop", model = Model })).Status.ShouldBe(403);
        (await api.CallAsync("DELETE", $"{Indexes}/docs", operates)).Status.ShouldBe(403);
        (await api.CallAsync("POST", $"{Indexes}/docs/calibration-set", operates, new { calibrationSet = Set })).Status.ShouldBe(200);
        (await api.CallAsync("POST", Indexes, null, new { name = "shop" })).Status.ShouldBe(401);
    }, options => options with { Security = ApiInstallation.Closed });
}
