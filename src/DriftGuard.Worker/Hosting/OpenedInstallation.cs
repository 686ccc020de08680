using DriftGuard.Embedding;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Installation;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Hosting;

/// <summary>An installation in use: the state, the way to Qdrant, models and calibration sets.</summary>
public sealed partial class OpenedInstallation : IDisposable
{
    private readonly LockedModels _locked;
    private readonly IReadOnlyList<ModelIdentity> identities;
    private readonly EmbeddingTelemetry embedding;
    private readonly TimeProvider time;
    private readonly ILoggerFactory logs;
    private readonly ILogger log;

    private OpenedInstallation(
        DriftGuardOptions options, QdrantStore qdrant, StateStore state, IReadOnlyList<ModelIdentity> identities, TimeProvider time, ILoggerFactory logs)
    {
        (Options, Qdrant, State, Revisions, embedding) = (options, qdrant, state, new(state.NextLeaseEpochAsync), new(time));
        (_locked, this.identities, this.time, this.logs, log) = (new(options.Models), identities, time, logs, logs.CreateLogger<OpenedInstallation>());
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

    /// <summary>Pulls locked models that are missing, if the configuration asks for that, and opens the state.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="endpoint">The way to Qdrant; it outlives the installation.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Where logs go.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="StateException">The state cannot be opened.</exception>
    /// <exception cref="Embedding.Pinning.PinningException">A locked model cannot be pulled.</exception>
    public static async Task<OpenedInstallation> OpenAsync(
        DriftGuardOptions options, QdrantEndpoint endpoint, TimeProvider time, ILoggerFactory logs, CancellationToken cancellation)
    {
        var logger = logs.CreateLogger<OpenedInstallation>();
        await new LockedModels(options.Models).PullMissingAsync(ProcessEnvironment(), time, name => LogPulling(logger, name, options.Models.Hub), cancellation);
        var database = options.State.ReadConnection() is { } connection
            ? StateDatabase.Postgres(connection)
            : StateDatabase.Sqlite(DriftGuardInstallation.Open(options.DataDirectory).StateDatabase);
        var state = await StateStore.OpenAsync(database, time, cancellation);
        var known = await state.ModelIdentitiesAsync(fingerprint: null, cancellation);
        return new(options, new(endpoint.Client, logs.CreateLogger<QdrantStore>(), time), state, known, time, logs);
    }

    /// <summary>Adds its parts and the engine on top of them; the installation outlives the services.</summary>
    /// <param name="services">The services of a host.</param>
    /// <param name="copies">Whether it takes its share of the copying where several processes do.</param>
    public IServiceCollection AddTo(IServiceCollection services, bool copies = true) => (copies && State.Database.SharedConnection is { } shared
            ? services.AddCopyCluster(shared, State.Instance, Options.Rollout.ConcurrentPartitions)
            : services)
        .AddSingleton(Qdrant)
        .AddSingleton(State)
        .AddSingleton(Models)
        .AddSingleton(CalibrationSets)
        .AddSingleton(Revisions)
        .AddSingleton(Options)
        .AddSingleton(embedding)
        .AddSingleton(new ModelFolders(FolderOf, () => ModelCatalog.Find(Options.Models.SearchPath)))
        .AddDriftGuardEngine();

    /// <inheritdoc/>
    public void Dispose()
    {
        Models.Dispose();
        Revisions.Dispose();
        Qdrant.Dispose();
    }

    /// <summary>What lies under a name, whatever the lock file says: a check is to see it.</summary>
    private ModelFolder FolderOf(string name)
    {
        try
        {
            return _locked.Find(name);
        }
        catch (OperatorException problem) when (problem.Error == OperatorError.Conflict)
        {
            return ModelCatalog.Get(name, Options.Models.SearchPath);
        }
    }

    private LoadedModel Open(string name)
    {
        var folder = _locked.Find(name);
        var model = EmbeddingModel.Open(folder.Directory, Options.EmbeddingOptions(tuning => ModelLog.Tuned(log, name, tuning)) with
        {
            KnownIdentities = [.. identities.Where(i => i.Fingerprint == folder.Fingerprint?.Id).Select(i => i.Identity)],
            Time = time,
            Logs = logs,
        });
        return new(model, State, embedding);
    }

    private static Dictionary<string, string> ProcessEnvironment() => Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
        .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);

    [LoggerMessage(EventId = 5010, Level = LogLevel.Information, Message = "pulling model {Model}, which is locked and missing, from {Hub}")]
    private static partial void LogPulling(ILogger logger, string model, string hub);
}
