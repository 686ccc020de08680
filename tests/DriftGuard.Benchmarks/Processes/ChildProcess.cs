using System.Diagnostics;
using System.Globalization;

namespace DriftGuard.Benchmarks.Processes;

/// <summary>This program once more, in another role: it prints one line when it is ready or done, and ends when its input does.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const string HeapLimitVariable = "DOTNET_GCHeapHardLimit";

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    /// <summary>Processor time so far, all cores together.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a role.</summary>
    public static ChildProcess Start(params IEnumerable<string> arguments) => StartWithin(heapLimit: null, arguments);

    /// <summary>Starts a role whose managed heap is limited to so many bytes; null: not limited.</summary>
    public static ChildProcess StartWithin(int? heapLimit, params IEnumerable<string> arguments)
    {
        var host = Environment.ProcessPath!;
        var byDotnet = Path.GetFileNameWithoutExtension(host).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(host, byDotnet ? [typeof(ChildProcess).Assembly.Location, .. arguments] : arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };

        // None but the one that is measured, whatever this process lives under.
        start.Environment.Remove(HeapLimitVariable);
        if (heapLimit is { } limit)
        {
            start.Environment[HeapLimitVariable] = limit.ToString("x", CultureInfo.InvariantCulture);
        }

        return new(Process.Start(start)!);
    }

    /// <summary>The line it prints.</summary>
    /// <exception cref="InvalidOperationException">It ended without; what went wrong is on the error output.</exception>
    public async Task<string> LineAsync() =>
        await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("a child process ended without a result; its error is above");

    /// <summary>Ends it as kill -9 does.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Ends its input and waits for its end.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
