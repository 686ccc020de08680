using DriftGuard.Embedding;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Installation;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Points;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Hosting;

/// <summary>An installation in use: the state, the way to Qdrant, models and calibration sets.</summary>
public sealed class OpenedInstallation : IDisposable
{
    private readonly ILogger log;

    private OpenedInstallation(DriftGuardOptions options, QdrantStore qdrant, StateStore state, ILogger log)
    {
        this.log = log;
        (Options, Qdrant, State, Revisions) = (options, qdrant, state, new(state.NextLeaseEpochAsync));
        Models = new(Open);
        CalibrationSets = new(options.CalibrationSets.SearchPath);
    }

    /// <summary>The configuration.</summary>
    public DriftGuardOptions Options { get; }

    /// <summary>The client of Qdrant, embedded or not.</summary>
    public QdrantStore Qdrant { get; }

    /// <summary>The durable state.</summary>
    public StateStore State { get; }

    /// <summary>The models.</summary>
    public ModelPool Models { get; }

    /// <summary>The calibration sets.</summary>
    public CalibrationSets CalibrationSets { get; }

    /// <summary>The revisions of this process' writes.</summary>
    public RevisionSource Revisions { get; }

    /// <summary>Opens the state.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="endpoint">The way to Qdrant; it outlives the installation.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Where logs go.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="StateException">The state cannot be opened.</exception>
    public static async Task<OpenedInstallation> OpenAsync(
        DriftGuardOptions options, QdrantEndpoint endpoint, TimeProvider time, ILoggerFactory logs, CancellationToken cancellation)
    {
        var file = DriftGuardInstallation.Open(options.DataDirectory).StateDatabase;
        var state = await StateStore.OpenAsync(file, time, cancellation);
        return new(options, new(endpoint.Client, logs.CreateLogger<QdrantStore>(), time), state, logs.CreateLogger<OpenedInstallation>());
    }

    /// <summary>Adds its parts and the engine on top of them; the installation outlives the services.</summary>
    public IServiceCollection AddTo(IServiceCollection services) => services
        .AddSingleton(Qdrant)
        .AddSingleton(State)
        .AddSingleton(Models)
        .AddSingleton(CalibrationSets)
        .AddSingleton(Revisions)
        .AddDriftGuardEngine();

    /// <inheritdoc/>
    public void Dispose()
    {
        Models.Dispose();
        Revisions.Dispose();
        Qdrant.Dispose();
    }

    private LoadedModel Open(string name) => new(EmbeddingModel.Open(
        ModelCatalog.Get(name, Options.Models.SearchPath).Directory, Options.EmbeddingOptions(tuning => ModelLog.Tuned(log, name, tuning))));
}
