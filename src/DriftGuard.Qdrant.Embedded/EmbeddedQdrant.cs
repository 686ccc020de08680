using System.Net.Sockets;
using DriftGuard.Qdrant.Embedded.Collections;
using DriftGuard.Qdrant.Embedded.Server;
using DriftGuard.Qdrant.Embedded.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DriftGuard.Qdrant.Embedded;

/// <summary>
/// A Qdrant-compatible gRPC server inside this process, durable in SQLite: the default where no cluster is configured.
/// It answers as Qdrant 1.18.3 does, with exact search; what it does not support it refuses with <c>UNIMPLEMENTED</c>.
/// </summary>
public sealed class EmbeddedQdrant : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly Catalog _catalog;
    private readonly DirectoryLock _lock;
    private readonly SemaphoreSlim _stopping = new(1, 1);
    private bool _stopped;

    private EmbeddedQdrant(WebApplication server, Catalog catalog, DirectoryLock directory, Uri address)
    {
        _server = server;
        _catalog = catalog;
        _lock = directory;
        Address = address;
    }

    /// <summary>The gRPC endpoint, e.g. <c>http://127.0.0.1:6334</c>: HTTP/2 without TLS.</summary>
    public Uri Address { get; }

    /// <summary>Takes the data folder, loads its collections into memory and starts to listen.</summary>
    /// <exception cref="EmbeddedQdrantException">The folder or the address cannot be used; the message says why and what to do.</exception>
    public static async Task<EmbeddedQdrant> StartAsync(
        EmbeddedQdrantOptions options, ILoggerFactory? loggerFactory = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var directory = DirectoryLock.Take(options.DataDirectory);
        Catalog? catalog = null;
        WebApplication? server = null;
        try
        {
            var loggers = loggerFactory ?? NullLoggerFactory.Instance;
            catalog = Load(options, loggers);
            server = ServerHost.Build(options, catalog, loggers);
            await server.StartAsync(cancellationToken);
            return new EmbeddedQdrant(server, catalog, directory, new Uri(server.Urls.Single()));
        }
        catch (Exception error)
        {
            if (server is not null) await server.DisposeAsync();
            catalog?.Dispose();
            directory.Dispose();
            if (error is IOException or SocketException)
            {
                throw new EmbeddedQdrantException(
                    $"The embedded Qdrant cannot listen on {options.Host}:{options.Port}: {error.Message} Configure another address, or port 0 for any free one.", error);
            }

            throw;
        }
    }

    /// <summary>Lets requests in flight end, stops listening and gives the data folder back. Repeats do nothing.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await _stopping.WaitAsync(cancellationToken);
        try
        {
            if (_stopped) return;
            await _server.StopAsync(cancellationToken);
            await _server.DisposeAsync();
            _catalog.Dispose();
            _lock.Dispose();
            _stopped = true;
        }
        finally
        {
            _stopping.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private static Catalog Load(EmbeddedQdrantOptions options, ILoggerFactory loggers)
    {
        try
        {
            return new Catalog(options.DataDirectory, TimeProvider.System, options.MaxPagesPerCollection, loggers);
        }
        catch (Exception error)
        {
            throw new EmbeddedQdrantException(
                $"The data folder '{options.DataDirectory}' of the embedded Qdrant cannot be read: {error.Message} "
                + "Check the folder and its disk, restore it from a backup, or configure an empty one.", error);
        }
    }
}
