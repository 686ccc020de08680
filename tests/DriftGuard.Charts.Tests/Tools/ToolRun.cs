using System.Diagnostics;

namespace DriftGuard.Charts.Tests.Tools;

/// <summary>Runs programs of the machine.</summary>
internal static class ToolRun
{
    /// <summary>Where a program is: as a variable says, or on the path; null where it is not.</summary>
    public static string? Find(string variable, string program) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named
        ? named
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Join(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Runs one to its end.</summary>
    public static async Task<(int Code, string Out, string Error)> RunAsync(string program, IEnumerable<string> arguments, string? input = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var said = (Out: process.StandardOutput.ReadToEndAsync(), Error: process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input ?? "");
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await said.Out, await said.Error);
    }
}
