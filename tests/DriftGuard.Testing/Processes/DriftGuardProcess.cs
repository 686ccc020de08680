using System.Diagnostics;
using System.Text.Json;

namespace DriftGuard.Testing.Processes;

/// <summary>The built command line as a process of its own, on a data folder and a configuration of its own.</summary>
public sealed class DriftGuardProcess : IDisposable
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(10);

    private readonly Process process;
    private readonly ProcessText output = new();
    private readonly ProcessText error = new();

    private DriftGuardProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += output.Take;
        process.ErrorDataReceived += error.Take;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What is run, as it was built with the tests, in a process that lives for seconds: compiled in haste it starts in two thirds of the time.</summary>
    public static ProcessStartInfo ShortLived(string folder, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Join(AppContext.BaseDirectory, "driftguard.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["DOTNET_TC_QuickJitForLoops"] = "1";
        return start;
    }

    /// <summary>Whether it has ended, by itself or killed.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>What it ended with, once it has ended.</summary>
    public int ExitCode => process.ExitCode;

    /// <summary>What it wrote so far, for people.</summary>
    public string SaidSoFar => output.SoFar() + error.SoFar();

    /// <summary>Starts it in a folder, whose subfolder <c>data</c> is its data folder.</summary>
    public static DriftGuardProcess Start(string folder, params IEnumerable<string> arguments) => StartWith(new Dictionary<string, string>(StringComparer.Ordinal), folder, arguments);

    /// <summary>Starts it with further variables in its environment.</summary>
    public static DriftGuardProcess StartWith(IReadOnlyDictionary<string, string> environment, string folder, params IEnumerable<string> arguments)
    {
        var start = ShortLived(folder, [.. arguments, "--data", Path.Join(folder, "data")]);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!);
    }

    /// <summary>Starts it and waits for its end.</summary>
    public static async Task<(int Code, string Out, string Error)> RunAsync(string folder, params IEnumerable<string> arguments)
    {
        using var started = Start(folder, arguments);
        return await started.EndAsync();
    }

    /// <summary>Runs a command and reads the JSON that it reports.</summary>
    public static async Task<JsonElement> JsonAsync(string folder, params IEnumerable<string> arguments)
    {
        var (_, text, error) = await RunAsync(folder, [.. arguments, "--output", "json"]);
        return text.Length == 0 ? throw new InvalidOperationException(error) : JsonDocument.Parse(text).RootElement;
    }

    /// <exception cref="TimeoutException">It did not end; it was killed, and the message has what it said.</exception>
    public async Task<(int Code, string Out, string Error)> EndAsync() => await KillAfterAsync(LongestRun)
        ? throw new TimeoutException($"the process did not end within {LongestRun}: {await output.WholeAsync()}{await error.WholeAsync()}")
        : (process.ExitCode, await output.WholeAsync(), await error.WholeAsync());

    /// <summary>The first line with a word in it, on either stream; null if the process ends without having said it.</summary>
    public async Task<string?> LineAsync(string word)
    {
        var (first, second) = (output.LineAsync(word), error.LineAsync(word));
        return await await Task.WhenAny(first, second) ?? (await first ?? await second);
    }

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

    /// <summary>Asks it to stop as Kubernetes does, and waits for that.</summary>
    public async Task<(int Code, string Out, string Error)> StopAsync()
    {
        if (!process.HasExited)
        {
            using var asking = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await asking.WaitForExitAsync();
        }

        return await EndAsync();
    }

    /// <summary>Kills it where it still runs.</summary>
    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }
}
