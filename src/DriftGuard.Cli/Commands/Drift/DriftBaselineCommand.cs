using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Drift.Baselines;
using DriftGuard.Worker.Reports;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Drift;

/// <summary><c>drift baseline</c>: takes what later checks compare with, or lists what was taken.</summary>
internal sealed class DriftBaselineCommand : DriftGuardCommand
{
    private readonly Argument<string> _index = new("index") { Description = "The index" };
    private readonly Option<bool> _list = new("--list") { Description = "List the baselines that were taken, newest first, and take none" };

    public DriftBaselineCommand()
        : base(
            "baseline", "Take a baseline of an index as it is now: it is taken to be good, and later checks compare with it",
            "driftguard drift baseline docs", "driftguard drift baseline docs --list")
    {
        Arguments.Add(_index);
        Options.Add(_list);
    }

    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var index = arguments.GetRequiredValue(_index);
        if (arguments.GetValue(_list))
        {
            var listed = await EngineSession.AskAsync(
                context, "drift baseline",
                async engine =>
                {
                    var baselines = await engine.Drift.BaselinesAsync(index, context.CancellationToken);
                    if (baselines.Count == 0)
                    {
                        await IndexNames.RequireAsync(engine, index, context.CancellationToken);
                    }

                    return baselines;
                },
                server => server.GetAsync<IReadOnlyList<ListedBaseline>>($"indexes/{index}/drift/baselines", context.CancellationToken));
            context.Report(listed, (console, rows) => WriteList(console, rows, index));
            return ExitCode.Success;
        }

        var taken = await EngineSession.AskAsync(
            context, "drift baseline", async engine => BaselineView.Of(await engine.Drift.TakeBaselineAsync(index, context.CancellationToken)),
            server => server.PostAsync<BaselineView>($"indexes/{index}/drift/baselines", new ActionRequest(), context.CancellationToken));
        context.Report(taken, BaselineText.Write);
        return ExitCode.Success;
    }

    private static void WriteList(IAnsiConsole console, IReadOnlyList<ListedBaseline> rows, string index)
    {
        if (rows.Count == 0)
        {
            console.Say($"no baseline of {index}; take one with: driftguard drift baseline {index}");
            return;
        }

        var table = Tables.Create(console, "time", "kind", "fingerprint", "collection", "baseline");
        foreach (var row in rows)
        {
            table.AddTextRow(ReportText.Time(row.At), row.Kind, row.Fingerprint[..8], row.Collection, row.Id);
        }

        console.Write(table);
    }
}
