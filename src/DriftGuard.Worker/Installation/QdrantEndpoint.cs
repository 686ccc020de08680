using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Embedded;
using DriftGuard.Worker.Configuration;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Installation;

/// <summary>
/// The Qdrant of this run: the configured one, the embedded one that this process runs, or the embedded one of the process that
/// holds the data folder. Whoever uses it sees an address and nothing else of that. Dispose it to stop what was started.
/// </summary>
public sealed class QdrantEndpoint : IAsyncDisposable
{
    /// <summary>How long a process waits for the holder of the data folder to say where its Qdrant answers.</summary>
    internal static readonly TimeSpan HolderPatience = TimeSpan.FromSeconds(30);

    /// <summary>How long a process that must be the only one waits for a command that others may run beside, such as <c>rollout status</c>.</summary>
    internal static readonly TimeSpan CommandPatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    // Who has just taken the folder has yet to replace what a killed one left beside the lock: only a holder that is still said after a second is one.
    private const int LooksAtWhoStays = 10;

    private readonly EmbeddedQdrant? _server;
    private readonly InstallationLease? _lease;

    private QdrantEndpoint(QdrantOptions client, EmbeddedQdrant? server, InstallationLease? lease, LeaseHolder? owner)
    {
        (Client, _server, _lease, Owner) = (client, server, lease, owner);
    }

    /// <summary>How to reach it.</summary>
    public QdrantOptions Client { get; }

    /// <summary>The process that holds the data folder, where it is another one.</summary>
    public LeaseHolder? Owner { get; }

    /// <summary>Whether this process holds the data folder: only its holder runs rollouts, unless the state is shared.</summary>
    public bool HoldsDataFolder => _lease is not null;

    /// <summary>Whether several processes share state and Qdrant, so that the data folder says nothing about who runs rollouts.</summary>
    public bool IsShared { get; private init; }

    /// <summary>Whether this process runs it.</summary>
    public bool IsOwn => _server is not null;

    /// <summary>Opens the Qdrant for a command that others may run beside: the data folder's holder is asked for its own.</summary>
    /// <param name="options">The options.</param>
    /// <param name="role">What this process does, for others to read, such as <c>index create</c>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Told what an embedded Qdrant does.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InstallationInUseException">The holder does not say where its Qdrant answers.</exception>
    /// <exception cref="InstallationException">The data folder cannot be used.</exception>
    /// <exception cref="EmbeddedQdrantException">The embedded Qdrant cannot start.</exception>
    public static async Task<QdrantEndpoint> OpenAsync(
        DriftGuardOptions options, string role, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (Shared(options) is { } shared)
        {
            return shared;
        }

        var installation = DriftGuardInstallation.Open(options.DataDirectory);
        if (options.Qdrant.Address is not null)
        {
            installation.TryAcquire(role, time, out var own, out var other);
            return new QdrantEndpoint(ClientOf(options.Qdrant, new Uri(options.Qdrant.Address)), null, own, other);
        }

        for (var started = time.GetTimestamp(); ;)
        {
            if (installation.TryAcquire(role, time, out var lease, out var holder))
            {
                return await StartAsync(options, installation, lease, loggers, cancellationToken);
            }

            if (holder?.QdrantAddress is { } address)
            {
                return new QdrantEndpoint(ClientOf(options.Qdrant, address), null, null, holder);
            }

            // The holder is starting or stopping.
            if (time.GetElapsedTime(started) > HolderPatience)
            {
                throw new InstallationInUseException(options.DataDirectory, holder);
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    /// <summary>Opens the Qdrant for a process that must be the only one on the data folder, such as <c>serve</c>.</summary>
    /// <inheritdoc cref="OpenAsync" path="/param"/>
    /// <exception cref="InstallationInUseException">Another process holds the data folder, and stays or does not end soon.</exception>
    /// <exception cref="InstallationException">The data folder cannot be used.</exception>
    /// <exception cref="EmbeddedQdrantException">The embedded Qdrant cannot start.</exception>
    public static async Task<QdrantEndpoint> OpenExclusiveAsync(
        DriftGuardOptions options, string role, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (Shared(options) is { } shared)
        {
            return shared;
        }

        var installation = DriftGuardInstallation.Open(options.DataDirectory);
        LeaseHolder? before = null;
        var looks = 0;
        for (var started = time.GetTimestamp(); ;)
        {
            if (installation.TryAcquire(role, time, out var lease, out var holder))
            {
                return await OwnAsync(options, installation, lease, loggers, cancellationToken);
            }

            (before, looks) = (holder, holder == before ? looks + 1 : 1);
            if ((holder is { Stays: true } && looks >= LooksAtWhoStays) || time.GetElapsedTime(started) > CommandPatience)
            {
                throw new InstallationInUseException(options.DataDirectory, holder);
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    /// <summary>Opens the Qdrant for a process that runs beside the one that holds the data folder, and never takes it itself.</summary>
    /// <inheritdoc cref="OpenAsync" path="/param[@name!='loggers']"/>
    /// <exception cref="InstallationException">There is nobody whose embedded Qdrant could be used, or the data folder cannot be.</exception>
    public static async Task<QdrantEndpoint> OpenBesideAsync(DriftGuardOptions options, string role, TimeProvider time, CancellationToken cancellationToken)
    {
        if (options.Qdrant.Address is { } configured)
        {
            return Shared(options) ?? new QdrantEndpoint(ClientOf(options.Qdrant, new Uri(configured)), null, null, null);
        }

        var installation = DriftGuardInstallation.Open(options.DataDirectory);
        for (var started = time.GetTimestamp(); time.GetElapsedTime(started) < HolderPatience; await Task.Delay(Poll, time, cancellationToken))
        {
            if (installation.TryAcquire(role, time, out var lease, out var holder))
            {
                lease.Dispose();
            }
            else if (holder?.QdrantAddress is { } address)
            {
                return new QdrantEndpoint(ClientOf(options.Qdrant, address), null, null, holder);
            }
        }

        throw new InstallationException($"no worker holds {options.DataDirectory}, and there is no other Qdrant: start 'driftguard serve' there first, or set qdrant.address");
    }

    /// <summary>Opens the Qdrant as the holder of the data folder, unless another process has that.</summary>
    /// <inheritdoc cref="OpenAsync" path="/param"/>
    /// <returns>The Qdrant; or null, with the other process where it has said who it is.</returns>
    /// <exception cref="InstallationException">The data folder cannot be used.</exception>
    /// <exception cref="EmbeddedQdrantException">The embedded Qdrant cannot start.</exception>
    internal static async Task<(QdrantEndpoint? Own, LeaseHolder? Holder)> TryOpenOwnAsync(
        DriftGuardOptions options, string role, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var installation = DriftGuardInstallation.Open(options.DataDirectory);
        return installation.TryAcquire(role, time, out var lease, out var holder)
            ? (await OwnAsync(options, installation, lease, loggers, cancellationToken), null)
            : (null, holder);
    }

    /// <summary>Tells other processes which rollout this one runs; only where <see cref="HoldsDataFolder"/>.</summary>
    /// <param name="rolloutId">The rollout.</param>
    /// <exception cref="InstallationException">The data folder cannot be written.</exception>
    public void PublishRollout(string rolloutId) => _lease?.Publish(rolloutId);

    /// <summary>Stops the embedded Qdrant, if this process runs it, and then gives the data folder back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _lease?.Dispose();
    }

    private static QdrantEndpoint? Shared(DriftGuardOptions options) => options is { State.IsShared: true, Qdrant.Address: { } address }
        ? new(ClientOf(options.Qdrant, new Uri(address)), null, null, null) { IsShared = true }
        : null;

    private static async Task<QdrantEndpoint> OwnAsync(
        DriftGuardOptions options, DriftGuardInstallation installation, InstallationLease lease, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        options.Qdrant.Address is { } address
            ? new QdrantEndpoint(ClientOf(options.Qdrant, new Uri(address)), null, lease, null)
            : await StartAsync(options, installation, lease, loggers, cancellationToken);

    private static async Task<QdrantEndpoint> StartAsync(
        DriftGuardOptions options, DriftGuardInstallation installation, InstallationLease lease, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        EmbeddedQdrant? server = null;
        try
        {
            server = await EmbeddedQdrant.StartAsync(
                new EmbeddedQdrantOptions
                {
                    DataDirectory = installation.QdrantDirectory,
                    Port = options.Qdrant.Embedded.Port,
                    ApiKey = options.Qdrant.ReadApiKey(),
                },
                loggers,
                cancellationToken);
            lease.Publish(server.Address);
            return new QdrantEndpoint(ClientOf(options.Qdrant, server.Address), server, lease, null);
        }
        catch
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }

            lease.Dispose();
            throw;
        }
    }

    private static QdrantOptions ClientOf(QdrantSettings settings, Uri address) => new()
    {
        Address = address,
        RestAddress = settings.RestAddress is { } rest ? new Uri(rest) : null,
        ApiKey = settings.ApiKey,
        ApiKeyFile = settings.ApiKeyFile,
        CaCertificateFile = settings.CaCertificateFile,
        WriteTimeout = settings.WriteTimeout,
    };
}
