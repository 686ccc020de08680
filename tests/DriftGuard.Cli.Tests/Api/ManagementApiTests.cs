using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using DriftGuard.Core.Access;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DriftGuard.Cli.Tests.Api;

public sealed class ManagementApiTests
{
    private const string Baselines = "/api/v1/indexes/docs/drift/baselines";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task The_description_names_every_route_and_the_answers_are_of_its_shapes() => ApiInstallation.RunAsync(async api =>
    {
        var (status, document) = await api.CallAsync("GET", "/openapi/v1.json");
        status.ShouldBe(200);
        document.GetProperty("openapi").GetString().ShouldNotBeNull().ShouldStartWith("3.1.");
        var described = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}")).Order(StringComparer.Ordinal).ToList();
        var mapped =
            from endpoint in api.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            where endpoint.RoutePattern.RawText!.StartsWith("/api/v1/", StringComparison.Ordinal)
            from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
            select $"{method} {endpoint.RoutePattern.RawText}";
        described.ShouldBe(mapped.Order(StringComparer.Ordinal));

        // An answer has the members of its schema and no others; all of them where nulls are written.
        foreach (var path in (string[])["/indexes", "/indexes/{index}", "/models", "/fingerprints", "/calibration-sets", "/drift/reports", "/drift/reports/{report}", "/drift/verdicts", "/indexes/{index}/drift/thresholds", "/audit", "/caller", "/keys"])
        {
            var answer = (await api.CallAsync("GET", "/api/v1" + path.Replace("{index}", "docs", StringComparison.Ordinal).Replace("{report}", "docs", StringComparison.Ordinal))).Body;
            var schema = document.GetProperty("paths").GetProperty("/api/v1" + path).GetProperty("get").GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("schema");
            Conforms(answer, schema, document, path);
        }
    });

    [Fact]
    public Task What_an_index_measured_over_time_comes_with_where_it_counts() => ApiInstallation.RunAsync(async api =>
    {
        (await api.CallAsync("POST", "/api/v1/indexes/docs/drift/checks", body: new { seed = 5 })).Status.ShouldBe(200);
        var score = (await api.CallAsync("POST", "/api/v1/indexes/docs/evaluations")).Body;

        var report = (await api.CallAsync("GET", "/api/v1/drift/reports/docs")).Body;
        var verdicts = (await api.CallAsync("GET", "/api/v1/drift/verdicts?index=docs")).Body.EnumerateArray().ToDictionary(verdict => verdict.GetProperty("detector").GetString()!);
        verdicts.Keys.ShouldBe(["schema", "model", "index", "quality", "data"], ignoreOrder: true);
        verdicts["model"].GetProperty("reportId").GetString().ShouldBe(report.GetProperty("id").GetString());
        (await api.CallAsync("GET", "/api/v1/drift/verdicts?index=nope")).Body.GetArrayLength().ShouldBe(0);
        var probes = report.GetProperty("detectors").EnumerateArray().Single(detector => detector.GetProperty("detector").GetString() == "model").GetProperty("model").GetProperty("projection");
        probes.GetProperty("probes").GetArrayLength().ShouldBe(64);
        probes.GetProperty("explained").GetDouble().ShouldBeInRange(.1, 1);

        var thresholds = (await api.CallAsync("GET", "/api/v1/indexes/docs/drift/thresholds")).Body.EnumerateArray().ToDictionary(threshold => threshold.GetProperty("detector").GetString()!);
        thresholds["model"].GetProperty("value").GetDouble().ShouldBe(2);
        var margin = report.GetProperty("detectors").EnumerateArray().Single(detector => detector.GetProperty("detector").GetString() == "quality")
            .GetProperty("quality").GetProperty("metrics")[0].GetProperty("result").GetProperty("margin").GetDouble();
        thresholds["quality"].GetProperty("value").GetDouble().ShouldBe(-margin);

        var figures = (await api.CallAsync("GET", "/api/v1/indexes/docs/evaluations/figures")).Body;
        var scored = figures.EnumerateArray().Single(figure => figure.GetProperty("id").GetString() == score.GetProperty("id").GetString());
        JsonElement.DeepEquals(scored.GetProperty("old").GetProperty("means"), score.GetProperty("old").GetProperty("means")).ShouldBeTrue();
        scored.GetProperty("old").GetProperty("intervals").GetArrayLength().ShouldBe(scored.GetProperty("metrics").GetArrayLength());
        (await api.CallAsync("GET", "/api/v1/indexes/docs/evaluations/figures?limit=100000")).Status.ShouldBe(400);
    });

    [Fact]
    public Task What_has_not_changed_is_not_sent_again() => ApiInstallation.RunAsync(async api =>
    {
        using var first = await api.SendAsync("GET", "/api/v1/indexes/docs");
        using var again = await api.SendAsync("GET", "/api/v1/indexes/docs", null, null, ("If-None-Match", first.Headers.ETag!.ToString()));

        ((int)again.StatusCode, (await again.Content.ReadAsByteArrayAsync(Cancellation)).Length).ShouldBe((304, 0));
    });

    [Fact]
    public Task A_request_sent_again_under_its_key_acts_once() => ApiInstallation.RunAsync(async api =>
    {
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());
        using var first = await api.SendAsync("POST", Baselines, null, new { reason = "again" }, key);
        using var second = await api.SendAsync("POST", Baselines, null, new { reason = "again" }, key);

        ((int)first.StatusCode, (int)second.StatusCode).ShouldBe((200, 200));
        second.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        (await second.Content.ReadAsStringAsync(Cancellation)).ShouldBe(await first.Content.ReadAsStringAsync(Cancellation));
        (await TakenAsync(api)).ShouldBe(1);
        (await api.CallAsync("POST", Baselines, null, new { reason = "another" }, key)).Status.ShouldBe(422);
        (await api.CallAsync("POST", Baselines, null, new { reason = "again" }, ("Idempotency-Key", new string('x', 300)))).Status.ShouldBe(400);

        // The keys of each caller are its own.
        (await api.CallAsync("POST", Baselines, await api.KeyAsync("ann", ManagementRole.Operator), new { reason = "again" }, key)).Status.ShouldBe(200);
        (await TakenAsync(api)).ShouldBe(2);
    });

    [Fact]
    public Task What_was_refused_stays_so_under_its_key_and_a_secret_is_not_told_twice() => ApiInstallation.RunAsync(async api =>
    {
        var key = ("Idempotency-Key", "refused");
        (await api.CallAsync("POST", "/api/v1/indexes/nope/drift/baselines", null, null, key)).Status.ShouldBe(404);
        using var again = await api.SendAsync("POST", "/api/v1/indexes/nope/drift/baselines", null, null, key);
        ((int)again.StatusCode, again.Content.Headers.ContentType!.MediaType, again.Headers.Contains("Idempotency-Replayed")).ShouldBe((404, "application/problem+json", true));

        var made = ("Idempotency-Key", "made");
        (await api.CallAsync("POST", "/api/v1/keys", null, new { name = "shop", role = "viewer" }, made)).Status.ShouldBe(200);
        (await api.CallAsync("POST", "/api/v1/keys", null, new { name = "shop", role = "viewer" }, made)).Status.ShouldBe(409);
        (await api.CallAsync("GET", "/api/v1/keys")).Body.GetArrayLength().ShouldBe(1);
    });

    public static TheoryData<string, string, string?, int, string> Mistakes => new()
    {
        { "GET", "/api/v1/indexes/nope", null, 404, "there is no index 'nope'" },
        { "GET", "/api/v1/rollouts/nope", null, 404, "there is no rollout 'nope'" },
        { "GET", "/api/v1/rollouts/nope/events", null, 404, "there is no rollout 'nope'" },
        { "GET", "/api/v1/drift/reports/nope", null, 404, "there is no drift report" },
        { "GET", "/api/v1/drift/reports?limit=0", null, 400, "limit is 0: expected a whole number from 1 to 10000" },
        { "GET", "/api/v1/drift/reports?limit=many", null, 400, "limit" },
        { "GET", "/api/v1/drift/reports?since=yesterday", null, 400, "since" },
        { "GET", "/api/v1/indexes/docs/drift/nope", null, 400, "detector" },
        { "GET", "/api/v1/fingerprints/nope", null, 404, "no model of this fingerprint" },
        { "GET", "/api/v1/calibration-sets/nope", null, 404, "there is no calibration set" },
        { "GET", "/api/v1/calibration-sets/..%2F..%2Fetc", null, 404, "there is no calibration set" },
        { "GET", "/api/v1/nothing", null, 404, "there is nothing at this address" },
        { "PUT", "/api/v1/indexes", "{}", 405, "does not take PUT" },
        { "POST", "/api/v1/keys", null, 400, "body" },
        { "POST", "/api/v1/keys", "{", 400, "JSON" },
        { "POST", "/api/v1/keys", "[]", 400, "JSON" },
        { "POST", "/api/v1/keys", "{}", 400, "JSON" },
        { "POST", "/api/v1/keys", """{"name":null}""", 400, "JSON" },
        { "POST", "/api/v1/keys", """{"name":"a","rule":"admin"}""", 400, "JSON" },
        { "POST", "/api/v1/keys", """{"name":"a","name":"b"}""", 400, "JSON" },
        { "POST", "/api/v1/keys", """{"name":"a","role":"king"}""", 400, "JSON" },
        { "POST", "/api/v1/keys", """{"name":"a"}""", 400, "would open nothing" },
        { "POST", "/api/v1/keys", """{"name":"a","role":"viewer","lifetime":"soon"}""", 400, "expected a duration" },
        { "POST", "/api/v1/indexes/docs/drift/checks", """{"sample":0}""", 400, "sample is 0" },
        { "POST", "/api/v1/indexes/docs/drift/checks", """{"detectors":["model","soul"]}""", 400, "JSON" },
        { "POST", "/api/v1/indexes/docs/evaluations", """{"calibrationSet":"/etc"}""", 400, "not by a path" },
        { "POST", "/api/v1/indexes/docs/evaluations", """{"calibrationSet":"nope"}""", 404, "there is no calibration set 'nope'" },
        { "POST", "/api/v1/indexes/docs/rollouts", """{"to":"nope"}""", 404, "nope" },
        { "POST", "/api/v1/indexes/docs/rollouts", "{}", 400, "JSON" },
        { "POST", "/api/v1/rollouts/nope/pause", null, 404, "there is no rollout 'nope'" },
        { "POST", "/api/v1/indexes/docs/bridges", """{"model":"all-minilm-l6-v2-int8","pairs":1}""", 400, "pairs is 1" },
        { "DELETE", "/api/v1/indexes/docs/bridges/current", null, 404, "docs" },
        { "DELETE", "/api/v1/keys/nope", null, 404, "there is no API key 'nope'" },
    };

    [Fact]
    public Task Each_mistake_is_a_problem_that_says_what_is_wrong() => ApiInstallation.RunAsync(async api =>
    {
        foreach (var (method, path, body, status, detail) in Mistakes.Select(row => row.Data))
        {
            using var answer = await api.SendAsync(method, path, null, body);
            var text = await answer.Content.ReadAsStringAsync(Cancellation);
            var what = $"{method} {path} {body}: {text}";
            ((int)answer.StatusCode).ShouldBe(status, what);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json", what);
            var problem = JsonDocument.Parse(text).RootElement;
            problem.GetProperty("status").GetInt32().ShouldBe(status, what);
            problem.GetProperty("detail").GetString().ShouldNotBeNull().Contains(detail, StringComparison.Ordinal).ShouldBeTrue(what);
        }

        var deep = string.Concat(Enumerable.Repeat("[", 200)) + string.Concat(Enumerable.Repeat("]", 200));
        (await api.CallAsync("POST", "/api/v1/keys", null, $$"""{"name":"a","read":{{deep}}}""")).Status.ShouldBe(400);
        (await api.CallAsync("POST", "/api/v1/keys", null, $$"""{"name":"{{new string('x', 2_000_000)}}"}""")).Status.ShouldBe(413);
        using var form = new StringContent("name=a", System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
        using var wrong = await api.Client.PostAsync(new Uri("/api/v1/keys", UriKind.Relative), form, Cancellation);
        ((int)wrong.StatusCode).ShouldBe(415);
    });

    [Fact]
    public Task A_rollout_is_followed_by_events_until_where_it_rests() => ApiInstallation.RunAsync(async api =>
    {
        (await api.CallAsync("POST", "/api/v1/indexes/docs/rollouts", null, new { to = "all-minilm-l6-v2-int8", preflight = false })).Status.ShouldBe(200);
        using var stream = await api.Client.GetStreamAsync(new Uri("/api/v1/rollouts/docs/events", UriKind.Relative), Cancellation);

        var phases = new List<string>();
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(Cancellation))
        {
            if (item.EventType == "rollout")
            {
                var rollout = JsonDocument.Parse(item.Data).RootElement.GetProperty("rollout");
                rollout.GetProperty("id").GetString().ShouldBe("docs-r1");
                phases.Add(rollout.GetProperty("phase").GetString()!);
                if (phases[^1] == "awaiting_approval")
                {
                    break;
                }
            }
        }

        phases.Count.ShouldBeGreaterThan(1);
        (await api.CallAsync("GET", "/api/v1/rollouts/docs-r1/partitions")).Body.EnumerateArray().Sum(p => p.GetProperty("copied").GetInt64()).ShouldBe(240);
        var aborted = await api.CallAsync("POST", "/api/v1/rollouts/docs/abort", null, new { reason = "not today" });
        (aborted.Status, aborted.Body.GetProperty("kind").GetString()).ShouldBe((200, "abort"));
    });

    private static async Task<int> TakenAsync(ApiInstallation api) =>
        (await api.Client.GetFromJsonAsync<JsonElement>("/api/v1/audit?index=docs", Cancellation)).EnumerateArray().Count(e => e.GetProperty("event").GetString() == "baseline_taken");

    private static void Conforms(JsonElement value, JsonElement schema, JsonElement document, string where)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            schema = document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
        }

        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
        {
            foreach (var item in value.EnumerateArray())
            {
                Conforms(item, items, document, where);
            }
        }
        else if (value.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out var properties))
        {
            foreach (var member in value.EnumerateObject())
            {
                properties.TryGetProperty(member.Name, out var property).ShouldBeTrue($"{where}: {member.Name} is not described");
                Conforms(member.Value, property, document, $"{where}.{member.Name}");
            }
        }
    }
}
