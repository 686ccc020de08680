using DriftGuard.Benchmarks.Copying;
using DriftGuard.Benchmarks.Processes;
using DriftGuard.Benchmarks.Workers;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Gateway;
using DriftGuard.Worker.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace DriftGuard.Benchmarks.Gateways;

/// <summary>A gateway as a process of its own, to an index on <see cref="BlueCollection"/>; its line is its address.</summary>
internal static class GatewayRole
{
    public const string Name = "role-gateway";

    public static async Task RunAsync(Uri qdrantAddress)
    {
        using var directory = new TemporaryDirectory();
        using var qdrant = new QdrantStore(new() { Address = qdrantAddress });
        var state = await StateStore.OpenAsync(Path.Combine(directory.Path, "state.db"), TimeProvider.System, default);
        await SeededRollout.EnrolAsync(qdrant, state);

        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        BenchmarkWorker.AddTo(builder.Services, qdrant, state, BlueCollection.Model(), SeededRollout.ConcurrentPartitions).AddDriftGuardSecurity().AddGateway();
        await using var app = builder.Build();
        app.UseRouting();
        app.UseDriftGuardSecurity();
        app.MapGateway();
        await app.StartAsync();
        await Console.Out.WriteLineAsync(app.Urls.Single());
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
    }
}
