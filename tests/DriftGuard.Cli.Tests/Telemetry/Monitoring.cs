using System.Diagnostics;

namespace DriftGuard.Cli.Tests.Telemetry;

/// <summary>Prometheus, its tools and Alertmanager, where the machine has them.</summary>
internal static class Monitoring
{
    public const string Promtool = "promtool";
    public const string Prometheus = "prometheus";

    // Debian calls it otherwise than its authors do.
    private static readonly string[] AlertmanagerNames = ["prometheus-alertmanager", "alertmanager"];

    public static string Alertmanager { get; } = AlertmanagerNames.FirstOrDefault(IsOnPath) ?? AlertmanagerNames[0];

    /// <summary>Why tests that need them cannot run here; null where they can.</summary>
    public static string? Missing { get; } = ((string[])[Promtool, Prometheus, Alertmanager]).FirstOrDefault(program => !IsOnPath(program)) is { } program
        ? $"{program} is not on the path: install the packages prometheus and prometheus-alertmanager"
        : null;

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int Code, string Said)> RunAsync(string program, string folder, IReadOnlyList<string> arguments)
    {
        using var process = Start(program, folder, arguments);
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(said));
    }

    /// <summary>Starts a program in a folder.</summary>
    public static Process Start(string program, string folder, IReadOnlyList<string> arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = folder,
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Join(folder, program)));
}
