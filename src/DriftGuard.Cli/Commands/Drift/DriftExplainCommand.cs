using System.CommandLine;
using System.Text;
using System.Text.Json;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Drift;
using DriftGuard.Worker.Drift.Reports;

namespace DriftGuard.Cli.Commands.Drift;

/// <summary><c>drift explain</c>: a report that was kept, in full, on the terminal, as a page or as JSON.</summary>
internal sealed class DriftExplainCommand : DriftGuardCommand
{
    private readonly Argument<string> _report = new("report") { Description = "A report's id, or an index for its newest" };
    private readonly Option<string?> _html = new("--html") { Description = "Write it as one page that needs nothing else", HelpName = "FILE" };
    private readonly Option<string?> _json = new("--json") { Description = "Write it as JSON", HelpName = "FILE" };

    public DriftExplainCommand()
        : base(
            "explain", "Show a drift report with everything that its detectors saw",
            "driftguard drift explain docs", "driftguard drift explain docs --html report.html")
    {
        Arguments.Add(_report);
        Options.Add(_html);
        Options.Add(_json);
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) =>
        EngineSession.RunAsync(context, "drift explain", async engine =>
        {
            var report = await engine.Drift.FindAsync(arguments.GetRequiredValue(_report), context.CancellationToken);
            context.Report(report, (console, found) =>
            {
                DriftReportView.Write(console, found, allCharts: true);
                DriftFindingsView.Write(console, found);
            }, DriftJson.Indented);
            await WriteAsync(context, arguments.GetValue(_html), () => DriftReportHtml.Write(report));
            await WriteAsync(context, arguments.GetValue(_json), () => JsonSerializer.Serialize(report, DriftJson.Indented) + "\n");
            return ExitCode.Success;
        });

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
