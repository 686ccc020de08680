using System.CommandLine;
using System.Text;

namespace DriftGuard.Cli.Shell;

/// <summary>The options of commands that write their report into files as well: as a page, and as JSON.</summary>
internal sealed class ReportFiles
{
    private readonly Option<string?> _html = new("--html") { Description = "Write it as one page that needs nothing else", HelpName = "FILE" };
    private readonly Option<string?> _json = new("--json") { Description = "Write it as JSON", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        command.Options.Add(_html);
        command.Options.Add(_json);
    }

    /// <summary>Writes what was asked for.</summary>
    /// <param name="context">The command's context.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="html">Makes the page.</param>
    /// <param name="json">Makes the JSON, without a line feed at its end.</param>
    /// <exception cref="CommandException">A file cannot be written.</exception>
    public async Task WriteAsync(CommandContext context, ParseResult arguments, Func<string> html, Func<string> json)
    {
        await WriteAsync(context, arguments.GetValue(_html), html);
        await WriteAsync(context, arguments.GetValue(_json), () => json() + "\n");
    }

    private static async Task WriteAsync(CommandContext context, string? file, Func<string> text)
    {
        if (file is null)
        {
            return;
        }

        var path = Path.GetFullPath(file);
        try
        {
            await File.WriteAllTextAsync(path, text(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), context.CancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Usage, $"{path} cannot be written: {error.Message}", innerException: error);
        }

        context.Note($"[green]written[/] {path}");
    }
}
