using Spectre.Console;

namespace DriftGuard.Cli.Shell;

/// <summary>Makes consoles: with colours on a terminal, plain text without wrapping anywhere else.</summary>
internal static class Consoles
{
    // Wide enough that nothing is ever wrapped: who reads a pipe splits by lines.
    private const int Unwrapped = 8192;

    public static IAnsiConsole Create(TextWriter writer, bool isTerminal, IReadOnlyDictionary<string, string> variables)
    {
        // https://no-color.org: present and not empty means no colours, whatever its value.
        var colours = isTerminal && string.IsNullOrEmpty(variables.GetValueOrDefault("NO_COLOR"));
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            EnvironmentVariables = variables.ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal),
        });
        if (!isTerminal)
        {
            console.Profile.Width = Unwrapped;
        }

        return console;
    }
}
