using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace DriftGuard.Chaos.Tests.Faults;

/// <summary>What happens between the worker and the database of its state.</summary>
internal enum StateFault
{
    /// <summary>A connection is reset as soon as it is made.</summary>
    Refuse,

    /// <summary>What was sent waits before it arrives.</summary>
    Slow,

    /// <summary>The connection is reset before what was sent has arrived.</summary>
    CutBefore,

    /// <summary>What was sent has arrived and was answered, and the connection is reset before the answer is seen.</summary>
    CutAfter,
}

/// <summary>Stands between a worker and a database, and passes bytes on unless a fault comes up for them.</summary>
internal sealed class StateNetwork : IAsyncDisposable
{
    private const double FaultyConnections = .05;
    private const double FaultyMessages = .01;
    private const int MostBytes = 64 * 1024;
    private static readonly TimeSpan LongestSlowness = TimeSpan.FromMilliseconds(800);
    private static readonly StateFault[] OfMessages = [StateFault.Slow, StateFault.CutBefore, StateFault.CutAfter];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<StateFault, int> _met = new();
    private readonly ConcurrentDictionary<Task, byte> _passing = new();
    private readonly Lock _lock = new();
    private readonly Random _random;
    private readonly (string Host, int Port) _database;
    private readonly Task _accepting;

    private StateNetwork(string host, int port, int seed)
    {
        (_database, _random) = ((host, port), new(seed));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port on the loopback address that the worker is told.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether faults come up.</summary>
    public bool Faulty { get; set; }

    /// <summary>How often each fault was met.</summary>
    public IReadOnlyDictionary<StateFault, int> Met => _met;

    public static StateNetwork Start(string host, int port, int seed) => new(host, port, seed);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_passing.Keys);
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptSocketAsync(_closing.Token);
                var passing = PassAsync(client);
                _passing.TryAdd(passing, 0);
                _ = passing.ContinueWith(done => _passing.TryRemove(done, out _), TaskScheduler.Default);
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Closed, or whoever called was killed meanwhile.
            }
        }
    }

    private async Task PassAsync(Socket client)
    {
        using var calling = client;
        using var database = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        calling.NoDelay = true;
        try
        {
            if (Draw(FaultyConnections) is not null)
            {
                Meet(StateFault.Refuse);
                calling.LingerState = new(enable: true, seconds: 0);
                return;
            }

            await database.ConnectAsync(_database.Host, _database.Port, _closing.Token);
            var connection = new Connection();
            using var over = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
            Task[] both = [ThereAsync(calling, database, connection, over.Token), BackAsync(database, calling, connection, over.Token)];
            await Task.WhenAny(both);
            await over.CancelAsync();
            calling.LingerState = new(enable: connection.IsCut, seconds: 0);
            await Task.WhenAll(both);
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One of the two is gone: so is the connection.
        }
    }

    private async Task ThereAsync(Socket from, Socket to, Connection connection, CancellationToken cancellation)
    {
        var bytes = new byte[MostBytes];
        while (await from.ReceiveAsync(bytes, cancellation) is > 0 and var count)
        {
            if (Draw(FaultyMessages) is { } drawn)
            {
                var fault = OfMessages[(int)(drawn * OfMessages.Length)];
                Meet(fault);
                if (fault == StateFault.Slow)
                    await Task.Delay(LongestSlowness * Draw(1)!.Value, cancellation);
                connection.IsCut |= fault is StateFault.CutBefore or StateFault.CutAfter;
                if (fault == StateFault.CutBefore)
                    return;
            }

            await to.SendAsync(bytes.AsMemory(0, count), cancellation);
        }
    }

    private static async Task BackAsync(Socket from, Socket to, Connection connection, CancellationToken cancellation)
    {
        var bytes = new byte[MostBytes];
        while (await from.ReceiveAsync(bytes, cancellation) is > 0 and var count)
        {
            if (connection.IsCut)
                return;
            await to.SendAsync(bytes.AsMemory(0, count), cancellation);
        }
    }

    private void Meet(StateFault fault) => _met.AddOrUpdate(fault, 1, static (_, count) => count + 1);

    /// <summary>A share from 0 to 1 where a fault comes up.</summary>
    private double? Draw(double rate)
    {
        if (!Faulty)
            return null;
        lock (_lock)
            return _random.NextDouble() < rate ? _random.NextDouble() : null;
    }

    private sealed class Connection
    {
        public volatile bool IsCut;
    }
}
