using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Drift;
using DriftGuard.State;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Drift;
using DriftGuard.Worker.Hosting;
using DriftGuard.Worker.Reports;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Drift;

/// <summary><c>drift history</c>: the reports that were kept, or what one detector found over time.</summary>
internal sealed class DriftHistoryCommand : DriftGuardCommand
{
    private readonly Argument<string?> _index = new("index") { Description = "The index; all unless given", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<int?> _limit = NumberOption.Create("--limit", $"How many are shown, newest first [default: {DriftEndpoints.UsualReports}]", 1, DriftEndpoints.MostReports);
    private readonly Option<string?> _since = SinceOption.Create();
    private readonly Option<Detector?> _detector = EnumOption.Optional<Detector>("--detector", "What one detector found on the index over time");

    public DriftHistoryCommand()
        : base(
            "history", "List drift reports, or what one detector found over time",
            "driftguard drift history", "driftguard drift history docs --since 7d", "driftguard drift history docs --detector model --limit 100")
    {
        Arguments.Add(_index);
        Options.Add(_limit);
        Options.Add(_since);
        Options.Add(_detector);
        Validators.Add(result =>
        {
            if (result.GetResult(_detector) is { Implicit: false } && result.GetValue(_index) is null)
            {
                result.AddError("--detector: of which index? Its history is that of one index");
            }
        });
    }

    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var index = arguments.GetValue(_index);
        var since = SinceOption.Read(arguments.GetValue(_since), context.Time.GetUtcNow());
        var limit = arguments.GetValue(_limit) ?? DriftEndpoints.UsualReports;
        if (arguments.GetValue(_detector) is { } detector)
        {
            var found = await EngineSession.AskAsync(
                context, "drift history",
                async engine => await OfDetectorAsync(engine, index!, detector, limit, since, context.CancellationToken),
                server => server.GetAsync<IReadOnlyList<DriftHistoryEntry>>($"indexes/{index}/drift/{detector}", context.CancellationToken, query: [("limit", limit), ("since", since)]));
            context.Report(found, (console, entries) => WriteDetector(console, entries, index!, detector, since));
            return ExitCode.Success;
        }

        var reports = await EngineSession.AskAsync(
            context, "drift history",
            async engine =>
            {
                await RequireAsync(engine, index, context.CancellationToken);
                return await engine.Drift.HistoryAsync(index, limit, since, context.CancellationToken);
            },
            server => server.GetAsync<IReadOnlyList<DriftReportEntry>>($"drift/reports", context.CancellationToken, query: [("index", index), ("limit", limit), ("since", since)]));
        context.Report(reports, WriteReports);
        return ExitCode.Success;
    }

    private static async Task<IReadOnlyList<DriftHistoryEntry>> OfDetectorAsync(
        Engine engine, string index, Detector detector, int limit, DateTimeOffset? since, CancellationToken cancellation)
    {
        await RequireAsync(engine, index, cancellation);
        return [.. (await engine.Drift.HistoryOfAsync(index, detector, limit, cancellation)).Where(entry => since is null || entry.At >= since)];
    }

    private static async Task RequireAsync(Engine engine, string? index, CancellationToken cancellation)
    {
        if (index is not null && (await engine.Drift.HistoryAsync(index, 1, null, cancellation)).Count == 0)
        {
            await IndexNames.RequireAsync(engine, index, cancellation);
        }
    }

    private static void WriteReports(IAnsiConsole console, IReadOnlyList<DriftReportEntry> reports)
    {
        if (reports.Count == 0)
        {
            console.Say($"no drift reports; make one with: driftguard drift check INDEX");
            return;
        }

        var table = Tables.Create(console, "time", "index", "trigger", "detectors", "verdict", "cause", "report");
        foreach (var report in reports)
        {
            table.AddRow(
                new Text(ReportText.Time(report.At)), new Text(report.Index), new Text(report.Trigger), new Text(string.Join(' ', report.Detectors)),
                new Markup(DriftWords.Coloured(report.Verdict)), new Text(report.Cause), new Text(report.Id));
        }

        console.Write(table);
    }

    private static void WriteDetector(IAnsiConsole console, IReadOnlyList<DriftHistoryEntry> entries, string index, Detector detector, DateTimeOffset? since)
    {
        if (entries.Count == 0)
        {
            console.Say($"detector {DriftJson.Word(detector)} has not run on {index}{(since is null ? "" : " since then")}");
            return;
        }

        var table = Tables.Create(console, "time", "verdict", ">statistic", ">p", ">effect", "report");
        foreach (var entry in entries)
        {
            table.AddRow(
                new Text(ReportText.Time(entry.At)), new Markup(DriftWords.Coloured(entry.Found.Verdict)), new Text(ReportText.Figure(entry.Found.Statistic)),
                new Text(ReportText.Figure(entry.Found.P)), new Text(ReportText.Figure(entry.Found.Effect)), new Text(entry.ReportId));
        }

        console.Write(table);
        var statistics = entries.Select(entry => entry.Found.Statistic).Reverse().ToList();
        if (statistics.Exists(statistic => statistic is not null))
        {
            console.Say($"statistic, oldest to newest, {ReportText.Figure(statistics.Min())} to {ReportText.Figure(statistics.Max())}: {TextChart.For(console).Sparkline(statistics)}");
        }
    }
}
