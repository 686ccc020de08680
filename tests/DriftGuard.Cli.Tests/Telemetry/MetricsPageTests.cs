using System.Collections.Concurrent;
using System.Net;
using DriftGuard.Cli.Tests.Commands.Drift;
using DriftGuard.Testing.Network;
using DriftGuard.Testing.Processes;
using DriftGuard.Worker.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace DriftGuard.Cli.Tests.Telemetry;

/// <summary>What <c>serve</c> tells Prometheus and a collector.</summary>
[Collection(AloneInTheProcess.Name)]
public sealed class MetricsPageTests
{
    private static readonly string[] Requested = ["driftguard_gateway", "http_server", "aspnetcore_routing"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_Prometheus_is_switched_off_there_is_no_page()
    {
        using var index = await CheckedIndex.CopyAsync();

        await ServedInstallation.AskAsync(Of(index, new() { Prometheus = false }), async (client, _) =>
        {
            using var answer = await client.GetAsync(new Uri("/metrics", UriKind.Relative), Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }, Cancellation);
    }

    [Fact]
    public async Task Whatever_clients_send_makes_no_more_series()
    {
        using var index = await CheckedIndex.CopyAsync();

        await ServedInstallation.AskAsync(Of(index, new()), async (client, _) =>
        {
            await AskAsync(client, 1);
            var before = await SeriesAsync(client);
            for (var i = 2; i < 400; i++)
            {
                await AskAsync(client, i);
            }

            var after = await SeriesAsync(client);
            after.Except(before, StringComparer.Ordinal).Where(IsOfARequest).ShouldBeEmpty();
        }, Cancellation);
    }

    [Fact]
    public async Task A_collector_gets_metrics_traces_and_logs_with_the_headers_that_are_configured()
    {
        using var index = await CheckedIndex.CopyAsync();
        var got = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await using var collector = await CollectorAsync(got);
        var address = $"http://127.0.0.1:{FreePort.Next()}";
        await File.WriteAllTextAsync(Path.Join(index.Folder, "headers"), "x-key=secret\n", Cancellation);
        await File.WriteAllTextAsync(Path.Join(index.Folder, "driftguard.yaml"), $$"""
            http: { address: "{{address}}" }
            telemetry: { sampling: 1, otlp: { endpoint: "{{collector.Urls.Single()}}", protocol: http, headersFile: headers } }
            """, Cancellation);

        using var served = DriftGuardProcess.Start(index.Folder, "serve");
        (await served.LineAsync("Serving on")).ShouldNotBeNull(served.SaidSoFar);
        using (var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = new Uri(address) })
        {
            (await client.PostAsync("/v1/indexes/docs/search", """{"text":"who won"}""")).ShouldBe(200);
        }

        // All are sent at the latest when the worker stops.
        (await served.StopAsync()).Code.ShouldBe(0);
        got.Keys.ShouldBe(["/v1/metrics", "/v1/traces", "/v1/logs"], ignoreOrder: true);
        got.Values.ShouldAllBe(key => key == "secret");
    }

    private static async Task<WebApplication> CollectorAsync(ConcurrentDictionary<string, string> got)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.Run(context =>
        {
            got[context.Request.Path] = context.Request.Headers["x-key"].ToString();
            return Task.CompletedTask;
        });
        await app.StartAsync(Cancellation);
        return app;
    }

    private static DriftGuardOptions Of(CheckedIndex index, TelemetryOptions telemetry) => new() { DataDirectory = Path.Join(index.Folder, "data"), Telemetry = telemetry };

    /// <summary>Requests that name what nobody has heard of.</summary>
    private static async Task AskAsync(HttpClient client, int number)
    {
        await client.PostAsync($"/v1/indexes/{Uri.EscapeDataString($"index \"{number}\"\n{{}}\\")}/search", """{"text":"word"}""");
        await client.PostAsync($"/no/such/route/{number}", "{}");
        await client.PostAsync("/v1/embeddings", $$"""{"model":"model-{{number}}","input":"word"}""");
        await client.PostAsync($"/health/live?{number}", "", new HttpMethod($"METHOD{number}"));
        await client.PostAsync($"/api/v1/rollouts/rollout-{number}/shadow", "", HttpMethod.Get);
    }

    /// <summary>The series there are, without their values.</summary>
    private static async Task<HashSet<string>> SeriesAsync(HttpClient client) =>
        [.. (await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancellation)).Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line[..line.LastIndexOf(' ')])];

    // Others, of garbage collections and the like, come when they come; and reading the page is a request, too.
    private static bool IsOfARequest(string series) => Requested.Any(name => series.StartsWith(name, StringComparison.Ordinal)) && !series.Contains("http_route=\"/metrics\"", StringComparison.Ordinal);
}
