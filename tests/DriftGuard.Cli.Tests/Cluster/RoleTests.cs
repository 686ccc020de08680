using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DriftGuard.Testing.Network;

namespace DriftGuard.Cli.Tests.Cluster;

/// <summary>A worker, an API and a gateway, each a process of its own, on one PostgreSQL and one Qdrant.</summary>
public sealed class RoleTests : IAsyncLifetime
{
    private readonly Dictionary<string, HttpClient> _processes = new(StringComparer.Ordinal);
    private SharedInstallation shared = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => shared = await SharedInstallation.StartAsync("""
        rollout: { soak: 0s, partitions: 4, approval: manual }
        drift: { enabled: false }
        """);

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _processes.Values)
            client.Dispose();
        if (shared is not null)
            await shared.DisposeAsync();
    }

    [Fact]
    public async Task What_the_api_is_asked_the_worker_does_and_the_gateway_answers_by()
    {
        var (worker, api, gateway) = (await ServeAsync("worker"), await ServeAsync("api"), await ServeAsync("gateway"));

        await ShouldAnswerAsync(worker, management: false, applications: false);
        await ShouldAnswerAsync(api, management: true, applications: false);
        await ShouldAnswerAsync(gateway, management: false, applications: true);

        var started = await PostAsync(api, "/api/v1/indexes/docs/rollouts", new JsonObject { ["to"] = "all-minilm-l6-v2-int8", ["preflight"] = false });
        started.StatusCode.ShouldBe(HttpStatusCode.OK, await started.Content.ReadAsStringAsync(Cancellation));
        await UntilAsync(api, "awaiting_approval");
        (await PostAsync(api, "/api/v1/rollouts/docs/approve", new JsonObject { ["reason"] = "as good" })).IsSuccessStatusCode.ShouldBeTrue();
        await UntilAsync(api, "completed");

        var answer = JsonNode.Parse(await gateway.GetStringAsync("/v1/indexes/docs/route", Cancellation))!;
        answer["epoch"]!.GetValue<int>().ShouldBe(2);
        answer["model"]!["name"]!.GetValue<string>().ShouldBe("all-minilm-l6-v2-int8");
    }

    private async Task<HttpClient> ServeAsync(string role)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        shared.Start(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["DRIFTGUARD__HTTP__ADDRESS"] = address.OriginalString },
            "serve", "--role", role, "--data", Path.Join(shared.Folder, role));
        var client = _processes[role] = new() { BaseAddress = address };
        await shared.UntilAsync(async () => await StatusAsync(client, "/health/ready") == HttpStatusCode.OK);
        return client;
    }

    private static async Task ShouldAnswerAsync(HttpClient process, bool management, bool applications)
    {
        (await StatusAsync(process, "/api/v1/indexes")).ShouldBe(management ? HttpStatusCode.OK : HttpStatusCode.NotFound);
        (await StatusAsync(process, "/ui")).ShouldBe(management ? HttpStatusCode.OK : HttpStatusCode.NotFound);
        (await StatusAsync(process, "/v1/indexes/docs/route")).ShouldBe(applications ? HttpStatusCode.OK : HttpStatusCode.NotFound);
        (await StatusAsync(process, "/metrics")).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<HttpStatusCode?> StatusAsync(HttpClient process, string path)
    {
        try
        {
            using var answer = await process.GetAsync(path, Cancellation);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient process, string path, JsonObject body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        return await process.SendAsync(request, Cancellation);
    }

    private async Task UntilAsync(HttpClient api, string phase) => await shared.UntilAsync(async () =>
    {
        var rollout = JsonNode.Parse(await api.GetStringAsync("/api/v1/rollouts/docs", Cancellation))!;
        var now = (rollout["rollout"] ?? rollout)["phase"]!.GetValue<string>();
        now.ShouldNotBe("failed", rollout.ToJsonString());
        return now == phase;
    });
}
