using System.Text.Json;
using DriftGuard.Worker.Api;
using Spectre.Console;

namespace DriftGuard.Cli.Shell;

/// <summary>Turns whatever a command throws into lines for a person, or an object for a program, and an exit code.</summary>
internal static class ErrorBoundary
{
    public static async Task<ExitCode> RunAsync(CommandContext context, Func<Task<ExitCode>> command)
    {
        try
        {
            return await command();
        }
        catch (Exception exception)
        {
            var error = CommandError.From(exception, context.CancellationToken.IsCancellationRequested);
            Write(context, error, exception);
            return error.Code;
        }
    }

    private static void Write(CommandContext context, CommandError error, Exception exception)
    {
        if (context.Output is OutputMode.Json)
        {
            WriteJson(context.Environment.Error, error);
        }
        else if (error.Code is ExitCode.Cancelled)
        {
            context.Error.Say($"[yellow]{error.Message}[/]");
        }
        else
        {
            WriteLines(context.Error, error);
        }

        if (context.Verbose)
        {
            context.Error.WriteLine(exception.ToString());
        }
    }

    /// <summary>An error as programs read it.</summary>
    public static void WriteJson(TextWriter writer, CommandError error) => writer.WriteLine(JsonSerializer.Serialize(
        new { Error = new { Code = ExitCodeTable.Name(error.Code), ExitCode = (int)error.Code, error.Message, error.Details, error.Hint } },
        ApiJson.Indented));

    private static void WriteLines(IAnsiConsole console, CommandError error)
    {
        console.Say($"[red]error:[/] {error.Message}");
        foreach (var detail in error.Details)
        {
            console.Say($"  {detail}");
        }

        if (error.Hint is { } hint)
        {
            console.Say($"[grey]{hint}[/]");
        }
    }
}
