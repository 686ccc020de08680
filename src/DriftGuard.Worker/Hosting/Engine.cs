using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Calibration.Linting;
using DriftGuard.Worker.Calibration.Thresholds;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Drift;
using DriftGuard.Worker.Drift.Doctor;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Installation;
using DriftGuard.Worker.Notifications;
using DriftGuard.Worker.Rollouts;
using DriftGuard.Worker.Rollouts.Cluster;
using DriftGuard.Worker.Rollouts.Proving;
using DriftGuard.Worker.Security;
using DriftGuard.Worker.Shadow;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Hosting;

/// <summary>The engine in the process of a command: an opened installation with its services running, without a server of its own.</summary>
public sealed class Engine : IAsyncDisposable
{
    private readonly IHost host;
    private readonly string role;
    private readonly TimeProvider time;
    private readonly ILoggerFactory logs;

    private Engine(QdrantEndpoint endpoint, OpenedInstallation installation, IHost host, string role, TimeProvider time, ILoggerFactory logs)
    {
        (Endpoint, Installation, this.host) = (endpoint, installation, host);
        (this.role, this.time, this.logs) = (role, time, logs);
    }

    /// <summary>What it works on.</summary>
    public OpenedInstallation Installation { get; }

    /// <summary>The Qdrant of this run, and who holds the data folder.</summary>
    public QdrantEndpoint Endpoint { get; }

    /// <summary>Creates indexes and tells how they are served.</summary>
    public IndexService Indexes => host.Services.GetRequiredService<IndexService>();

    /// <summary>Loads corpora.</summary>
    public IndexLoader Loader => host.Services.GetRequiredService<IndexLoader>();

    /// <summary>Reads corpora to load.</summary>
    public CorpusReader Corpora => host.Services.GetRequiredService<CorpusReader>();

    /// <summary>Scores calibration sets.</summary>
    public EvaluationService Evaluations => host.Services.GetRequiredService<EvaluationService>();

    /// <summary>Learns and tells the similarities that applications cut at.</summary>
    public ThresholdService Thresholds => host.Services.GetRequiredService<ThresholdService>();

    /// <summary>Fits, shows and ends bridges.</summary>
    public BridgeService Bridges => host.Services.GetRequiredService<BridgeService>();

    /// <summary>Looks through calibration sets.</summary>
    public LintService Lint => host.Services.GetRequiredService<LintService>();

    /// <summary>Checks indexes for drift.</summary>
    public DriftService Drift => host.Services.GetRequiredService<DriftService>();

    /// <summary>Finds out which models made a collection.</summary>
    public CollectionDoctor Doctor => host.Services.GetRequiredService<CollectionDoctor>();

    /// <summary>Plans rollouts and takes requests.</summary>
    public RolloutService Rollouts => host.Services.GetRequiredService<RolloutService>();

    /// <summary>Reads rollouts as they are shown.</summary>
    public RolloutViews RolloutViews => host.Services.GetRequiredService<RolloutViews>();

    /// <summary>Takes requests about a rollout that goes on.</summary>
    public RolloutAdjustments Adjustments => host.Services.GetRequiredService<RolloutAdjustments>();

    /// <summary>Makes collections of snapshots.</summary>
    public SnapshotRestorer Snapshots => host.Services.GetRequiredService<SnapshotRestorer>();

    /// <summary>Asks every peer of Qdrant.</summary>
    internal PeerReader Peers => host.Services.GetRequiredService<PeerReader>();

    /// <summary>Repeats proofs of completeness.</summary>
    public ProofVerifier Proofs => host.Services.GetRequiredService<ProofVerifier>();

    /// <summary>Tells how live queries were answered by both collections of a rollout.</summary>
    public ShadowReports Shadow => host.Services.GetRequiredService<ShadowReports>();

    /// <summary>Makes, exchanges and revokes API keys.</summary>
    public KeyService Keys => host.Services.GetRequiredService<KeyService>();

    /// <summary>Shows webhooks and tries them.</summary>
    public NotificationService Notifications => host.Services.GetRequiredService<NotificationService>();

    /// <summary>Runs a rollout in the foreground; only where <see cref="QdrantEndpoint.HoldsDataFolder"/>.</summary>
    public RolloutRunner Runner => host.Services.GetRequiredService<RolloutRunner>();

    /// <summary>How far work has come.</summary>
    public RolloutProgress Progress => host.Services.GetRequiredService<RolloutProgress>();

    /// <summary>Opens the installation and starts the services.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="role">What this process does, for others that meet it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Where logs go.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="InstallationException">The data folder cannot be used.</exception>
    /// <exception cref="State.StateException">The state cannot be opened.</exception>
    public static async Task<Engine> StartAsync(
        DriftGuardOptions options, string role, TimeProvider time, ILoggerFactory logs, CancellationToken cancellation)
    {
        return await StartAsync(await QdrantEndpoint.OpenAsync(options, role, time, logs, cancellation), options, role, time, logs, cancellation);
    }

    /// <summary>Starts an engine of the same kind that holds the data folder, unless another process has that.</summary>
    /// <returns>The engine; or null, with the other process where it has said who it is.</returns>
    /// <exception cref="InstallationException">The data folder cannot be used.</exception>
    public async Task<(Engine? Successor, LeaseHolder? Holder)> TryTakeOverAsync(CancellationToken cancellation)
    {
        var (own, holder) = await QdrantEndpoint.TryOpenOwnAsync(Installation.Options, role, time, logs, cancellation);
        return own is null ? (null, holder) : (await StartAsync(own, Installation.Options, role, time, logs, cancellation), null);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        Installation.Dispose();
        await Endpoint.DisposeAsync();
    }

    private static async Task<Engine> StartAsync(
        QdrantEndpoint endpoint, DriftGuardOptions options, string role, TimeProvider time, ILoggerFactory logs, CancellationToken cancellation)
    {
        OpenedInstallation? installation = null;
        try
        {
            installation = await OpenedInstallation.OpenAsync(options, endpoint, time, logs, cancellation);
            var builder = Host.CreateEmptyApplicationBuilder(new() { DisableDefaults = true });
            builder.Services.AddSingleton(time);
            builder.Services.AddSingleton(logs);
            installation.AddTo(builder.Services);
            var built = builder.Build();
            await built.StartAsync(cancellation);
            return new(endpoint, installation, built, role, time, logs);
        }
        catch
        {
            installation?.Dispose();
            await endpoint.DisposeAsync();
            throw;
        }
    }
}
