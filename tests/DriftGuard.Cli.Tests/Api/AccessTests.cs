using System.Text.RegularExpressions;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Access;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DriftGuard.Cli.Tests.Api;

/// <summary>Who may do what, held against every route that there is: a new one that says nothing of itself is an admin's.</summary>
public sealed partial class AccessTests
{
    private static readonly string[] Open = ["GET /health/live", "GET /health/ready", "GET /openapi/v1.json", "GET /api/v1/caller"];

    [Fact]
    public Task Who_says_nothing_may_nothing_on_any_route() => ClosedAsync(async api =>
    {
        var open = new List<string>();
        foreach (var (method, path) in Routes(api))
        {
            using var answer = await api.SendAsync(method, path, body: method is "GET" ? null : "{}");
            if ((int)answer.StatusCode != 401)
            {
                open.Add($"{method} {path}");
                continue;
            }

            answer.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("Bearer", path);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json", path);
        }

        open.ShouldBe(Open, ignoreOrder: true);
    });

    [Fact]
    public Task A_viewer_sees_everything_and_changes_nothing() => ClosedAsync(async api =>
    {
        var viewer = await api.KeyAsync("viewer", ManagementRole.Viewer);

        foreach (var (method, path) in Routes(api).Where(route => !Open.Contains($"{route.Method} {route.Path}") && !route.Path.EndsWith("/events", StringComparison.Ordinal)))
        {
            using var answer = await api.SendAsync(method, path, viewer, method is "GET" ? null : "{}");
            var sees = method is "GET" && (path == "/metrics" || path.StartsWith("/api/v1/", StringComparison.Ordinal)) && !path.Contains("/keys", StringComparison.Ordinal) && !path.EndsWith("/docs/thresholds", StringComparison.Ordinal);
            answer.StatusCode.ShouldNotBe(System.Net.HttpStatusCode.Unauthorized, path);
            ((int)answer.StatusCode is not 403).ShouldBe(sees, $"{method} {path}: {answer.StatusCode}");
        }
    });

    [Fact]
    public Task An_operator_acts_and_says_nobody_who_may() => ClosedAsync(async api =>
    {
        var key = await api.KeyAsync("night-shift", ManagementRole.Operator);

        (await api.CallAsync("POST", "/api/v1/indexes/docs/drift/baselines", key)).Status.ShouldBe(200);
        (await api.CallAsync("GET", "/api/v1/keys", key)).Status.ShouldBe(403);
        var (status, problem) = await api.CallAsync("POST", "/api/v1/keys", key, new { name = "mine", role = "admin" });
        (status, problem.GetProperty("detail").GetString()).ShouldBe((403, "'night-shift' lacks the role admin"));
        (await api.CallAsync("POST", "/v1/indexes/docs/search", key, new { text = "a river" })).Status.ShouldBe(403, "a role says nothing of data");
    });

    [Fact]
    public Task Data_of_an_index_is_for_the_keys_that_name_it() => ClosedAsync(async api =>
    {
        var (reader, writer, other) = (await api.KeyAsync("reader", read: "docs"), await api.KeyAsync("writer", write: "docs"), await api.KeyAsync("other", read: "faq", write: "faq"));
        var (search, point) = (new { text = "a river" }, new { points = new[] { new { id = 900_001, text = "a new passage" } } });

        foreach (var (key, reads, writes) in new[] { (reader, 200, 403), (writer, 200, 200), (other, 403, 403) })
        {
            (await api.CallAsync("POST", "/v1/indexes/docs/search", key, search)).Status.ShouldBe(reads);
            (await api.CallAsync("GET", "/v1/indexes/docs/route", key)).Status.ShouldBe(reads);
            (await api.CallAsync("GET", "/api/v1/indexes/docs/thresholds", key)).Status.ShouldBe(reads);
            (await api.CallAsync("POST", "/v1/embeddings", key, new { model = "docs", input = "a river" })).Status.ShouldBe(reads);
            (await api.CallAsync("PUT", "/v1/indexes/docs/points", key, point)).Status.ShouldBe(writes);
            (await api.CallAsync("DELETE", "/v1/indexes/docs/points", key, new { ids = new[] { 900_001 } })).Status.ShouldBe(writes);
            (await api.CallAsync("GET", "/api/v1/indexes", key)).Status.ShouldBe(403);
        }

        // As clients of Azure OpenAI send it.
        (await api.CallAsync("POST", "/v1/embeddings", null, new { model = "docs", input = "a river" }, ("api-key", reader))).Status.ShouldBe(200);
        var (status, problem) = await api.CallAsync("POST", "/v1/embeddings", other, new { model = "docs", input = "a river" });
        (status, problem.GetProperty("detail").GetString()).ShouldBe((403, "'other' lacks leave to read index 'docs'"));
    });

    [Fact]
    public Task On_the_loopback_interface_nobody_need_say_who_they_are_unless_a_page_of_another_site_asks() => ApiInstallation.RunAsync(async api =>
    {
        (await api.CallAsync("GET", "/api/v1/keys")).Status.ShouldBe(200);
        var caller = (await api.CallAsync("GET", "/api/v1/caller")).Body;
        (caller.GetProperty("name").GetString(), caller.GetProperty("isKnown").GetBoolean(), caller.GetProperty("grants").GetProperty("role").GetString()).ShouldBe(("anonymous", false, "admin"));
        (await api.CallAsync("GET", "/api/v1/keys", "sk-something-that-an-OpenAI-client-must-send")).Status.ShouldBe(200);

        (await api.CallAsync("GET", "/api/v1/keys", "dg_000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")).Status.ShouldBe(401, "it means to be somebody");
        (await api.CallAsync("GET", "/api/v1/keys", null, null, ("Host", "rebound.example"))).Status.ShouldBe(401);
        (await api.CallAsync("POST", "/api/v1/keys", null, new { name = "mine", role = "admin" }, ("Origin", "https://evil.example"))).Status.ShouldBe(401);
        (await api.CallAsync("GET", "/api/v1/keys", null, null, ("Sec-Fetch-Site", "cross-site"))).Status.ShouldBe(401);
    });

    [Fact]
    public Task Keys_are_made_listed_rotated_and_revoked_by_the_command_and_stand_in_the_audit_log() => ClosedAsync(async api =>
    {
        var admin = await api.KeyAsync("root", ManagementRole.Admin);

        var made = await api.AskAsync(admin, "key", "create", "shop", "--read", "docs,faq", "--expires", "90d", "--reason", "goes live", "--output", "json");
        made.Code.ShouldBe(ExitCode.Success, made.Error);
        var key = made.Json.GetProperty("text").GetString()!;
        (await api.CallAsync("POST", "/v1/indexes/docs/search", key, new { text = "a river" })).Status.ShouldBe(200, "a new key opens at once");
        (await api.AskAsync(key, "key", "list")).Code.ShouldBe(ExitCode.Refused);

        var rotated = await api.AskAsync(admin, "key", "rotate", "shop", "--grace", "0s", "--output", "json");
        await OpensNothingAsync(api, key);
        key = rotated.Json.GetProperty("text").GetString()!;
        (await api.CallAsync("POST", "/v1/indexes/docs/search", key, new { text = "a river" })).Status.ShouldBe(200);
        (await api.AskAsync(admin, "key", "list")).Out.ShouldContain("none, reads docs faq, writes nothing");

        (await api.AskAsync(admin, "key", "revoke", "shop", "--reason", "the shop moved")).Code.ShouldBe(ExitCode.Success);
        await OpensNothingAsync(api, key);
        (await api.AskAsync(admin, "key", "revoke", "shop")).Code.ShouldBe(ExitCode.NotFound);
        var log = (await api.AskAsync(admin, "audit", "--limit", "3", "--output", "json")).Json.EnumerateArray()
            .Select(e => (e.GetProperty("event").GetString(), e.GetProperty("by").GetString(), e.GetProperty("from").GetString(), e.GetProperty("why").GetString()));
        log.ShouldBe([("api_key_revoked", "root", "127.0.0.1", "the shop moved"), ("api_key_rotated", "root", "127.0.0.1", null), ("api_key_created", "root", "127.0.0.1", "goes live")]);
    });

    [Fact]
    public Task A_cutover_needs_a_second_person_where_that_is_asked_for() => ApiInstallation.RunAsync(async api =>
    {
        var (ann, bob) = (await api.KeyAsync("ann", ManagementRole.Operator), await api.KeyAsync("bob", ManagementRole.Operator));
        (await api.CallAsync("POST", "/api/v1/indexes/docs/rollouts", ann, new { to = "all-minilm-l6-v2-int8", approved = true })).Status.ShouldBe(409, "she would approve it herself");
        var started = await api.AskAsync(ann, "rollout", "start", "docs", "--to", "all-minilm-l6-v2-int8", "--no-preflight");
        started.Code.ShouldBe(ExitCode.Inconclusive, started.Error + started.Out);

        var own = await api.AskAsync(ann, "rollout", "approve", "docs");
        (own.Code, own.Error.Contains("was started by ann", StringComparison.Ordinal)).ShouldBe((ExitCode.Conflict, true), own.Error);
        var second = await api.AskAsync(bob, "rollout", "approve", "docs", "--reason", "read the gate");
        second.Code.ShouldBe(ExitCode.Success, second.Error);

        (await api.AskAsync(bob, "rollout", "promote", "docs")).Code.ShouldBe(ExitCode.Success);
        (await api.AskAsync(bob, "rollout", "promote", "docs")).Code.ShouldBe(ExitCode.Conflict);
        var approval = (await api.AskAsync(ann, "audit", "--rollout", "docs-r1", "--output", "json")).Json.EnumerateArray().Single(e => e.GetProperty("event").GetString() == "request_approve");
        (approval.GetProperty("by").GetString(), approval.GetProperty("why").GetString()).ShouldBe(("bob", "read the gate"));
    }, options => options with { Security = ApiInstallation.Closed with { SecondApprover = true } });

    private static Task ClosedAsync(Func<ApiInstallation, Task> work) => ApiInstallation.RunAsync(work, options => options with { Security = ApiInstallation.Closed });

    /// <summary>Asks until the key opens nothing, as every process knows within seconds.</summary>
    private static async Task OpensNothingAsync(ApiInstallation api, string key)
    {
        while ((await api.CallAsync("GET", "/v1/indexes/docs/route", key)).Status == 200)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        (await api.CallAsync("POST", "/v1/indexes/docs/search", key, new { text = "a river" })).Status.ShouldBe(401);
    }

    /// <summary>Every route of the host by every method, with "docs" for whatever is a part of it.</summary>
    private static IEnumerable<(string Method, string Path)> Routes(ApiInstallation api) =>
        from endpoint in api.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where !IsPage(endpoint)
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        select (method, Parameter().Replace("/" + endpoint.RoutePattern.RawText!.TrimStart('/'), match => match.Value == "{detector}" ? "model" : "docs"));

    /// <summary>Whoever asks gets a page; what is in it, it asks these routes for.</summary>
    private static bool IsPage(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText!.TrimStart('/') is "" or "ui" || endpoint.RoutePattern.RawText.StartsWith("/ui/", StringComparison.Ordinal);

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, 1000)]
    private static partial Regex Parameter();
}
