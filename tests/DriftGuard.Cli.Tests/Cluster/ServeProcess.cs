using System.Collections.Concurrent;
using System.Diagnostics;
using DriftGuard.Testing.Processes;

namespace DriftGuard.Cli.Tests.Cluster;

/// <summary>A command of the built command line that goes on until it is stopped, and what it has said so far.</summary>
internal sealed class ServeProcess : IDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> said = new();

    private ServeProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => said.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => said.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    public string Said => string.Join('\n', said);

    /// <summary>Whether it has said that it copies a partition, and not yet that it is done with it or has stopped.</summary>
    public bool IsCopying => said.Count(line => line.Contains("is copied here", StringComparison.Ordinal))
        > said.Count(line => line.Contains("is done here", StringComparison.Ordinal) || line.Contains("is left here", StringComparison.Ordinal));

    public static ServeProcess Start(string folder, IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        var start = DriftGuardProcess.ShortLived(folder, arguments);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!);
    }

    /// <summary>Asks it to stop as Kubernetes does, and waits for its end.</summary>
    /// <returns>What it ended with.</returns>
    public async Task<int> StopAsync(CancellationToken cancellation)
    {
        using var asking = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await asking.WaitForExitAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode;
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>Ends it as kill -9 does.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
    }
}
