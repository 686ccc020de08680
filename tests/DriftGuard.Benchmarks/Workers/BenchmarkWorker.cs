using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Hosting;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Rollouts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DriftGuard.Benchmarks.Workers;

/// <summary>
/// A worker put together as <c>driftguard serve</c> puts it together: the engine, its schedulers, and where the database is shared its part in the
/// cluster. Only the models are stand-ins.
/// </summary>
internal sealed class BenchmarkWorker : IAsyncDisposable
{
    private readonly IHost _host;

    private BenchmarkWorker(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public RolloutRunner Runner => Services.GetRequiredService<RolloutRunner>();

    /// <summary>Starts one.</summary>
    /// <param name="qdrant">The way to Qdrant; it outlives the worker.</param>
    /// <param name="state">The state.</param>
    /// <param name="model">Stands for every model.</param>
    /// <param name="concurrentPartitions">Partitions that it copies at a time.</param>
    /// <param name="supervises">Whether it looks after unfinished rollouts by itself.</param>
    public static async Task<BenchmarkWorker> StartAsync(QdrantStore qdrant, StateStore state, ITextEmbedder model, int concurrentPartitions, bool supervises)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { DisableDefaults = true });
        AddTo(builder.Services, qdrant, state, model, concurrentPartitions);
        if (supervises)
        {
            builder.Services.AddRolloutSupervisor();
        }

        var host = builder.Build();
        await host.StartAsync();
        return new(host);
    }

    /// <summary>Adds the engine to a host that others build.</summary>
    /// <inheritdoc cref="StartAsync" path="/param"/>
    public static IServiceCollection AddTo(IServiceCollection services, QdrantStore qdrant, StateStore state, ITextEmbedder model, int concurrentPartitions)
    {
        if (state.Database.SharedConnection is { } shared)
        {
            services.AddCopyCluster(shared, state.Instance, concurrentPartitions);
        }

        return services
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(qdrant)
            .AddSingleton(state)
            .AddSingleton(new ModelPool(_ => model))
            .AddSingleton(new CalibrationSets([]))
            .AddSingleton(_ => new RevisionSource(state.NextLeaseEpochAsync)) // made by the container, which disposes it
            .AddSingleton(new DriftGuardOptions { DataDirectory = Path.GetTempPath() })
            .AddDriftGuardEngine();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
