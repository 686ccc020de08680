using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using DriftGuard.Core.Access;
using DriftGuard.State;
using DriftGuard.Worker.Loops;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Security;

/// <summary>
/// Knows the API keys that are in force, as they were within the last seconds: what is revoked opens nothing a few seconds later, in every process, and at
/// once in the one that revokes it. Writes down every minute which were used. While the state cannot be read, the keys that were known go on opening.
/// </summary>
internal sealed partial class KeyRing : ILoop, IDisposable
{
    private static readonly TimeSpan ReadAgain = TimeSpan.FromSeconds(5);

    // A key that is not known may have been made a moment ago; who guesses keys has them read no more often than this.
    private static readonly TimeSpan BetweenReads = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WriteUsesAgain = TimeSpan.FromMinutes(1);

    private readonly StateStore state;
    private readonly KeyService keys;
    private readonly TimeProvider time;
    private readonly ILogger<KeyRing> log;
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly ConcurrentDictionary<string, (DateTimeOffset At, string? From)> _used = new(StringComparer.Ordinal);
    private volatile FrozenDictionary<string, (ApiKey Key, KeyDigests Digests)>? _keys;
    private volatile bool _changed;
    private long _readAt;
    private long _wroteUsesAt;

    public KeyRing(StateStore state, KeyService keys, TimeProvider time, ILogger<KeyRing> log)
    {
        (this.state, this.keys, this.time, this.log) = (state, keys, time, log);
        keys.Changed = () => _changed = true;
    }

    /// <inheritdoc/>
    public string Name => "keys";

    /// <summary>The key that is presented; null where it opens nothing.</summary>
    /// <param name="presented">What was sent.</param>
    /// <param name="from">From where.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="StateException">No key was ever read, and the state cannot be.</exception>
    public async ValueTask<ApiKey?> FindAsync(string presented, string? from, CancellationToken cancellation)
    {
        if (KeyText.IdOf(presented) is not { } id)
        {
            return null;
        }

        if (_keys is null || _changed || (!_keys.ContainsKey(id) && time.GetElapsedTime(_readAt) >= BetweenReads))
        {
            await ReadAsync(cancellation);
        }

        var now = time.GetUtcNow();
        if (!_keys!.TryGetValue(id, out var found) || !found.Key.IsValidAt(now) || !Opens(found.Digests, KeyText.DigestOf(presented), now))
        {
            return null;
        }

        // To the minute, so that a busy key costs one entry and no more.
        _used[id] = (now - TimeSpan.FromTicks(now.Ticks % TimeSpan.TicksPerMinute), from);
        return found.Key;
    }

    /// <summary>Reads the keys that are in force.</summary>
    public async Task ReadAsync(CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            if (_keys is not null && !_changed && time.GetElapsedTime(_readAt) < BetweenReads)
            {
                return;
            }

            // Before they are read: what changes meanwhile has them read again.
            _changed = false;
            _keys = (await state.KeysInForceAsync(cancellation)).ToFrozenDictionary(key => key.Key.Id, StringComparer.Ordinal);
            _readAt = time.GetTimestamp();
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Writes down which keys were used.</summary>
    public async Task WriteUsesAsync(CancellationToken cancellation)
    {
        var used = _used.ToDictionary(StringComparer.Ordinal);
        await state.SaveKeyUsesAsync(used, cancellation);
        foreach (var use in used)
        {
            _used.TryRemove(use);
        }
    }

    /// <inheritdoc/>
    public Task EndAsync(CancellationToken cancellation) => TryAsync(WriteUsesAsync, cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        keys.Changed = null;
        _reading.Dispose();
    }

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken stopping)
    {
        _wroteUsesAt = time.GetTimestamp();
        while (!stopping.IsCancellationRequested)
        {
            await TryAsync(ReadAsync, stopping);
            if (time.GetElapsedTime(_wroteUsesAt) >= WriteUsesAgain)
            {
                await TryAsync(WriteUsesAsync, stopping);
                _wroteUsesAt = time.GetTimestamp();
            }

            await Task.Delay(ReadAgain, time, stopping);
        }
    }

    private static bool Opens(KeyDigests digests, byte[] presented, DateTimeOffset now) =>
        CryptographicOperations.FixedTimeEquals(presented, digests.Current)
        || (digests.Previous is { } previous && now < digests.PreviousUntil && CryptographicOperations.FixedTimeEquals(presented, previous));

    private async Task TryAsync(Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        try
        {
            await work(cancellation);
        }
        catch (StateException failure)
        {
            LogUnread(log, failure.Message);
        }
    }

    [LoggerMessage(5060, LogLevel.Warning, "API keys cannot be read or written, those known before go on opening: {Failure}")]
    private static partial void LogUnread(ILogger log, string failure);
}
