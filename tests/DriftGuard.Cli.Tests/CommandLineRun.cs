using System.Text.Json;
using DriftGuard.Cli.Shell;

namespace DriftGuard.Cli.Tests;

/// <summary>What a command line wrote and how it ended.</summary>
internal sealed record CommandLineRun(ExitCode Code, string Out, string Error)
{
    /// <summary>Runs a command line in the process, with nothing of this machine's configuration.</summary>
    public static async Task<CommandLineRun> Of(IReadOnlyList<string> arguments, CancellationToken stopping = default, params IEnumerable<(string Name, string Value)> variables)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = await CommandLineApplication.RunAsync(arguments, new ShellEnvironment
        {
            Out = output,
            Error = error,
            Variables = variables.Prepend(("HOME", "/nowhere")).ToDictionary(v => v.Item1, v => v.Item2, StringComparer.Ordinal),
            Stopping = stopping,
        });
        return new CommandLineRun(code, output.ToString(), error.ToString());
    }

    public static Task<CommandLineRun> Of(string arguments) => Of(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public JsonElement ErrorJson => JsonDocument.Parse(Error).RootElement.GetProperty("error");
}
