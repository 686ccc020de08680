using System.CommandLine;
using System.Text.Json;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Drift;
using DriftGuard.Worker.Drift;
using DriftGuard.Worker.Drift.Reports;

namespace DriftGuard.Cli.Commands.Drift;

/// <summary><c>drift explain</c>: a report that was kept, in full, on the terminal, as a page or as JSON.</summary>
internal sealed class DriftExplainCommand : DriftGuardCommand
{
    private readonly Argument<string> _report = new("report") { Description = "A report's id, or an index for its newest" };
    private readonly ReportFiles _files = new();

    public DriftExplainCommand()
        : base(
            "explain", "Show a drift report with everything that its detectors saw",
            "driftguard drift explain docs", "driftguard drift explain docs --html report.html")
    {
        Arguments.Add(_report);
        _files.AddTo(this);
    }

    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var which = arguments.GetRequiredValue(_report);
        var report = await EngineSession.AskAsync(
            context, "drift explain", engine => engine.Drift.FindAsync(which, context.CancellationToken),
            server => server.GetAsync<DriftReport>($"drift/reports/{which}", context.CancellationToken, DriftJson.Options));
        context.Report(report, (console, found) =>
        {
            DriftReportView.Write(console, found, allCharts: true);
            DriftFindingsView.Write(console, found);
        }, DriftJson.Indented);
        await _files.WriteAsync(context, arguments, () => DriftReportHtml.Write(report), () => JsonSerializer.Serialize(report, DriftJson.Indented));
        return ExitCode.Success;
    }
}
