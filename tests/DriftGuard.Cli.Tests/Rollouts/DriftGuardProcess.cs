using System.Diagnostics;
using System.Text.Json;

namespace DriftGuard.Cli.Tests.Rollouts;

/// <summary>The built command line as a process of its own, on a data folder and a configuration of its own.</summary>
internal sealed class DriftGuardProcess : IDisposable
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(5);

    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> error;

    private DriftGuardProcess(Process process) =>
        (this.process, output, error) = (process, process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());

    public static DriftGuardProcess Start(string folder, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        string[] all = [Path.Join(AppContext.BaseDirectory, "driftguard.dll"), .. arguments, "--data", Path.Join(folder, "data")];
        foreach (var argument in all)
        {
            start.ArgumentList.Add(argument);
        }

        return new(Process.Start(start)!);
    }

    public static async Task<(int Code, string Out, string Error)> RunAsync(string folder, params IEnumerable<string> arguments)
    {
        using var started = Start(folder, arguments);
        return await started.EndAsync();
    }

    public static async Task<JsonElement> JsonAsync(string folder, params IEnumerable<string> arguments)
    {
        var (_, text, error) = await RunAsync(folder, [.. arguments, "--output", "json"]);
        return text.Length == 0 ? throw new InvalidOperationException(error) : JsonDocument.Parse(text).RootElement;
    }

    /// <exception cref="TimeoutException">It did not end; it was killed, and the message has what it said.</exception>
    public async Task<(int Code, string Out, string Error)> EndAsync() => await KillAfterAsync(LongestRun)
        ? throw new TimeoutException($"the process did not end within {LongestRun}: {await output}{await error}")
        : (process.ExitCode, await output, await error);

    /// <summary>Ends it as kill -9 does, unless it has ended within the delay.</summary>
    /// <returns>Whether it was killed.</returns>
    public async Task<bool> KillAfterAsync(TimeSpan delay)
    {
        try
        {
            await process.WaitForExitAsync().WaitAsync(delay);
            return false;
        }
        catch (TimeoutException)
        {
            process.Kill();
            await process.WaitForExitAsync();
            return true;
        }
    }

    public void Dispose() => process.Dispose();
}
