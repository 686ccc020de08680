using DriftGuard.Qdrant.Connection;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Qdrant.Client.Grpc;
using HealthClient = Qdrant.Client.Grpc.Qdrant.QdrantClient;

namespace DriftGuard.Qdrant;

/// <summary>
/// The one client of Qdrant's gRPC API, for one address, from 1.16 on. Each method fails with <see cref="QdrantException"/>, whose message
/// names operation, collection, address, cause and what to do, or with <see cref="OperationCanceledException"/> when its caller gave up.
/// Reads, and writes of which a repeat leaves what one leaves, are repeated while Qdrant is unavailable or overloaded; alias changes and
/// conditional writes never are. Safe for concurrent use.
/// </summary>
public sealed partial class QdrantStore : IDisposable
{
    private readonly QdrantOptions _options;
    private readonly Caller _caller;
    private readonly Collections.CollectionsClient _collections;
    private readonly Points.PointsClient _points;
    private readonly HealthClient _health;
    private readonly Snapshots.SnapshotsClient _snapshots;
    private readonly Lazy<RestApi> _rest;
    private readonly ILogger<QdrantStore> _logger;
    private readonly TimeProvider _time;

    /// <summary>A client for the options' address; it connects with the first call.</summary>
    /// <param name="options">Checked here, all errors at once.</param>
    /// <param name="logger">Told of each repeat.</param>
    /// <param name="time">Measures the delays before repeats.</param>
    /// <exception cref="ArgumentException">The options are wrong.</exception>
    public QdrantStore(QdrantOptions options, ILogger<QdrantStore>? logger = null, TimeProvider? time = null)
    {
        if (options.Validate() is { Count: > 0 } errors)
            throw new ArgumentException($"the options of Qdrant are wrong: {string.Join("; ", errors)}", nameof(options));
        (_options, _logger, _time) = (options, logger ?? NullLogger<QdrantStore>.Instance, time ?? TimeProvider.System);
        _rest = new(() => new RestApi(options));
        _caller = new Caller(options, _logger, _time);
        _collections = new Collections.CollectionsClient(_caller.Channel);
        _points = new Points.PointsClient(_caller.Channel);
        _health = new HealthClient(_caller.Channel);
        _snapshots = new Snapshots.SnapshotsClient(_caller.Channel);
    }

    /// <summary>The address it talks to.</summary>
    public Uri Address => _options.Address;

    /// <summary>How long an attempt of a write is given; what has no answer by then may happen, and later than that does not.</summary>
    public TimeSpan WriteTimeout => _options.WriteTimeout;

    /// <summary>For how long a write of points of this client may still be applied that had no answer; zero where there is none.</summary>
    public TimeSpan UnsettledFor => _caller.UnsettledFor;

    /// <summary>What the server says of itself.</summary>
    public async Task<QdrantServer> ServerAsync(CancellationToken cancellationToken = default)
    {
        var reply = await ReadAsync("HealthCheck", null, options => _health.HealthCheckAsync(new HealthCheckRequest(), options), cancellationToken);
        return QdrantServer.Of(reply.Title, reply.Version);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _caller.Dispose();
        if (_rest.IsValueCreated)
            _rest.Value.Dispose();
    }

    private Task<TResponse> ReadAsync<TResponse>(
        string operation, string? collection, Func<CallOptions, AsyncUnaryCall<TResponse>> send, CancellationToken cancellationToken) =>
        _caller.InvokeAsync(new Call(operation, collection, _options.ReadTimeout, Writes: false, Repeatable: true), send, cancellationToken);

    private Task<TResponse> ChangeAsync<TResponse>(
        string operation, string? collection, bool repeatable, Func<CallOptions, AsyncUnaryCall<TResponse>> send, CancellationToken cancellationToken) =>
        _caller.InvokeAsync(new Call(operation, collection, _options.AdminTimeout, Writes: true, repeatable), send, cancellationToken);

    /// <summary>How long Qdrant itself may take for a change, so that it does not give up before its caller does.</summary>
    private ulong AdminTimeoutSeconds => (ulong)Math.Max(1, Math.Ceiling(_options.AdminTimeout.TotalSeconds));
}
