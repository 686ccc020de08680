using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace DriftGuard.Operator.Tests.ApiServer;

/// <summary>What the API server takes and what it refuses, by the schemas and rules of the chart.</summary>
public sealed class RuleTests
{
    private const string Pin = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private readonly ObjectStore _store = new(new FakeTimeProvider(new(2026, 11, 30, 0, 0, 0, TimeSpan.Zero)));

    public static TheoryData<string, string, string?> Made => new()
    {
        { "embeddingmodels", "{}", null },
        { "embeddingmodels", $$"""{"fingerprint":"{{Pin}}"}""", null },
        { "embeddingmodels", """{"fingerprint":"AA"}""", "does not match" },
        { "embeddingmodels", """{"name":5}""", "expected string" },
        { "embeddingindexes", "{}", "modelRef: required" },
        { "embeddingindexes", """{"modelRef":{}}""", "name: required" },
        { "embeddingindexes", """{"modelRef":{"name":"a"}}""", null },
        { "embeddingindexes", """{"modelRef":{"name":"a"},"deletionPolicy":"Maybe"}""", "unsupported value" },
        { "embeddingindexes", """{"modelRef":{"name":"a"},"text":{"field":"x","template":"{x}"}}""", "not both" },
        { "embeddingindexes", """{"modelRef":{"name":"a"},"adopt":{"collection":"c"},"deletionPolicy":"Delete"}""", "name the index" },
        { "embeddingindexes", """{"index":"docs","modelRef":{"name":"a"},"adopt":{"collection":"c"},"deletionPolicy":"Delete"}""", null },
        { "rollouts", """{"indexRef":{"name":"a"},"model":"m","desired":"Gone"}""", "unsupported value" },
        { "driftchecks", """{"indexRef":{"name":"a"},"schedule":"0 3 * * *","detectors":["Model","Data"]}""", null },
        { "driftchecks", """{"indexRef":{"name":"a"},"detectors":["Soul"]}""", "unsupported value" },
        { "driftchecks", """{"indexRef":{"name":"a"},"detectors":["Model","Model"]}""", "duplicate" },
    };

    public static TheoryData<string, string, string, string?> Changed => new()
    {
        { "embeddingmodels", """{"name":"m"}""", """{"name":"n"}""", "name never changes" },
        { "embeddingmodels", "{}", """{"name":"n"}""", "name never changes" },
        { "embeddingmodels", "{}", $$"""{"fingerprint":"{{Pin}}"}""", null },
        { "calibrationsets", """{"name":"m"}""", """{"name":null}""", "name never changes" },
        { "embeddingindexes", """{"modelRef":{"name":"a"}}""", """{"modelRef":{"name":"b"}}""", null },
        { "embeddingindexes", """{"modelRef":{"name":"a"}}""", """{"index":"b"}""", "index never changes" },
        { "embeddingindexes", """{"modelRef":{"name":"a"},"adopt":{"collection":"c"}}""", """{"adopt":{"collection":"d"}}""", "adopt never changes" },
        { "embeddingindexes", """{"modelRef":{"name":"a"},"text":{"field":"x"}}""", """{"text":{"field":"y"}}""", "text never changes" },
        { "embeddingindexes", """{"modelRef":{"name":"a"},"text":{"field":"x"}}""", """{"suspend":true,"onDivergence":"Repair"}""", null },
        { "rollouts", """{"indexRef":{"name":"a"},"model":"m"}""", """{"approved":true,"reason":"we looked"}""", null },
        { "rollouts", """{"indexRef":{"name":"a"},"model":"m"}""", """{"desired":"Paused"}""", null },
        { "rollouts", """{"indexRef":{"name":"a"},"model":"m"}""", """{"model":"n"}""", "only desired, approved and reason" },
        { "rollouts", """{"indexRef":{"name":"a"},"model":"m"}""", """{"indexRef":{"name":"b"}}""", "only desired, approved and reason" },
        { "rollouts", """{"indexRef":{"name":"a"},"model":"m"}""", """{"id":"docs-r1"}""", "only desired, approved and reason" },
        { "rollouts", """{"indexRef":{"name":"a"},"model":"m","indexGeneration":2}""", """{"indexGeneration":3}""", "only desired, approved and reason" },
        { "rollouts", """{"indexRef":{"name":"a"},"model":"m"}""", """{"approval":"Automatic"}""", "only desired, approved and reason" },
        { "rollouts", """{"indexRef":{"name":"a"},"model":"m","desired":"Aborted"}""", """{"desired":"Running"}""", "stays so" },
        { "rollouts", """{"indexRef":{"name":"a"},"model":"m"}""", """{"desired":"Aborted","approved":true}""", "is not approved" },
        { "driftchecks", """{"indexRef":{"name":"a"}}""", """{"indexRef":{"name":"b"}}""", "indexRef never changes" },
        { "driftchecks", """{"indexRef":{"name":"a"}}""", """{"suspend":true}""", null },
    };

    [Theory]
    [MemberData(nameof(Made))]
    public void A_resource_is_taken_or_refused_when_it_is_made(string plural, string spec, string? problem) => Try(() => Make(plural, spec), problem);

    [Theory]
    [MemberData(nameof(Changed))]
    public void A_change_is_taken_or_refused(string plural, string spec, string change, string? problem)
    {
        Make(plural, spec);
        Try(() => _store.Patch(plural, "search", "one", new() { ["spec"] = JsonNode.Parse(change) }, status: false), problem);
    }

    [Fact]
    public void What_is_not_said_has_its_default_and_what_nobody_knows_is_taken_away()
    {
        var made = Make("embeddingindexes", """{"modelRef":{"name":"a","colour":"red"},"soul":1}""");

        made["spec"]!.ToJsonString().ShouldBe("""{"modelRef":{"name":"a"},"rollout":{"approval":"Manual","preflight":true,"overBudget":false},"deletionPolicy":"Retain","onDivergence":"Report","suspend":false}""");
    }

    [Fact]
    public void A_status_changes_no_generation_and_a_spec_no_status()
    {
        Make("embeddingmodels", "{}");
        var said = _store.Patch("embeddingmodels", "search", "one", new() { ["status"] = new JsonObject { ["provider"] = "onnx" }, ["spec"] = new JsonObject { ["name"] = "x" } }, status: true);
        (said["metadata"]!["generation"]!.AsLong(), (string)said["status"]!["provider"]!, said["spec"]!["name"]).ShouldBe((1L, "onnx", null));

        var declared = _store.Patch("embeddingmodels", "search", "one", new() { ["status"] = new JsonObject { ["provider"] = "other" }, ["spec"] = new JsonObject { ["fingerprint"] = Pin } }, status: false);
        (declared["metadata"]!["generation"]!.AsLong(), (string)declared["status"]!["provider"]!).ShouldBe((2L, "onnx"));
    }

    private JsonObject Make(string plural, string spec) => _store.Create(plural, "search", new()
    {
        ["apiVersion"] = "driftguard.dev/v1alpha1",
        ["kind"] = Crd.All.Single(crd => crd.Plural == plural).Kind,
        ["metadata"] = new JsonObject { ["name"] = "one" },
        ["spec"] = JsonNode.Parse(spec),
    });

    private static void Try(Action act, string? problem)
    {
        var refusal = Record.Exception(act);
        (refusal is null, (refusal as ApiRefusal)?.Status ?? 0).ShouldBe(problem is null ? (true, 0) : (false, 422), refusal?.Message);
        (refusal?.Message ?? "").ShouldContain(problem ?? "");
    }
}
