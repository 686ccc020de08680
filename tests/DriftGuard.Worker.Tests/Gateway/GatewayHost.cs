using System.Net.Http.Json;
using System.Text.Json;
using DriftGuard.State;
using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Calibration.Thresholds;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Drift.Points;
using DriftGuard.Worker.Gateway;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Security;
using DriftGuard.Worker.Sources;
using DriftGuard.Worker.Tests.Rollouts;
using DriftGuard.Worker.Writes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Tests.Gateway;

/// <summary>A gateway to the installation of a test, over HTTP: it knows of switches what it finds out by itself.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GatewayHost(WebApplication app) => (_app, Client) = (
        app, new(new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan }) { BaseAddress = new Uri(app.Urls.Single()) });

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <param name="world">The installation.</param>
    /// <param name="options">How the gateway is configured.</param>
    /// <param name="configure">Adds what is to take the place of its own.</param>
    /// <param name="state">The state as it has opened it; that of the installation unless set.</param>
    public static async Task<GatewayHost> StartAsync(RolloutWorld world, GatewayOptions? options = null, Action<IServiceCollection>? configure = null, StateStore? state = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        configure?.Invoke(builder.Services);
        builder.Services.AddSingleton<TimeProvider>(world.Time).AddSingleton(world.Qdrant).AddSingleton(state ?? world.State)
            .AddSingleton(new DriftGuardOptions { Gateway = options ?? new() }).AddDriftGuardSecurity().AddGateway();
        foreach (var type in (Type[])[typeof(ModelPool), typeof(ServingIndexReader), typeof(PointWriter), typeof(IndexWrites), typeof(ThresholdStore), typeof(ActiveBridges), typeof(BridgeStore), typeof(PointSampler), typeof(IndexCorpora)])
            builder.Services.AddSingleton(type, world.Services.GetRequiredService(type));
        var app = builder.Build();
        app.UseRouting();
        app.UseDriftGuardSecurity();
        app.MapGateway();
        await app.StartAsync(RolloutWorld.Cancellation);
        return new(app);
    }

    /// <summary>Calls a route; the body may be malformed on purpose.</summary>
    public async Task<(int Status, JsonElement Body)> CallAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await Client.SendAsync(request, RolloutWorld.Cancellation);
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(RolloutWorld.Cancellation));
    }

    /// <summary>Calls a route that must answer 200.</summary>
    public async Task<JsonElement> DoAsync(HttpMethod method, string path, string? body = null)
    {
        var (status, answer) = await CallAsync(method, path, body);
        status.ShouldBe(200, answer.ToString());
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
