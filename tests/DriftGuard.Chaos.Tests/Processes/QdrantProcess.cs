using System.Globalization;
using System.Text.RegularExpressions;
using DriftGuard.Testing.Processes;

namespace DriftGuard.Chaos.Tests.Processes;

/// <summary>The embedded Qdrant as a process of its own; killed, it comes back at the same address with what it acknowledged.</summary>
internal sealed partial class QdrantProcess : IAsyncDisposable
{
    private const int MostTries = 5;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private readonly string _folder;
    private DriftGuardProcess _process;

    private QdrantProcess(string folder, DriftGuardProcess process, Uri address) => (_folder, _process, Address) = (folder, process, address);

    /// <summary>Where it answers.</summary>
    public Uri Address { get; }

    public static async Task<QdrantProcess> StartAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        var (process, address) = await LaunchAsync(folder, 0);
        return new(folder, process, address);
    }

    /// <summary>What it said beyond where it answers, and whether it has ended.</summary>
    public string Said => (_process.HasEnded ? "(ended) " : "") + _process.SaidSoFar;

    /// <summary>How often it was killed.</summary>
    public int Kills { get; private set; }

    /// <summary>Ends it as kill -9 does, and starts it again where it was.</summary>
    public async Task KillAndStartAgainAsync()
    {
        await _process.KillAfterAsync(TimeSpan.Zero);
        Kills++;
        for (var tries = 1; ; tries++)
        {
            try
            {
                var killed = _process;
                (_process, _) = await LaunchAsync(_folder, Address.Port);
                killed.Dispose();
                return;
            }
            catch (InvalidOperationException) when (tries < MostTries)
            {
                // Its port may still be somebody's for a moment.
                await Task.Delay(BetweenTries);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.KillAfterAsync(TimeSpan.Zero);
        _process.Dispose();
    }

    private static async Task<(DriftGuardProcess Process, Uri Address)> LaunchAsync(string folder, int port)
    {
        var process = DriftGuardProcess.Start(folder, "qdrant", "--port", port.ToString(CultureInfo.InvariantCulture));
        var line = await process.LineAsync("Qdrant answers on");
        if (line is not null)
            return (process, new(AddressPattern().Match(line).Value));
        using (process)
            throw new InvalidOperationException($"Qdrant did not start: {process.SaidSoFar}");
    }

    [GeneratedRegex(@"http://\S+:\d+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex AddressPattern();
}
