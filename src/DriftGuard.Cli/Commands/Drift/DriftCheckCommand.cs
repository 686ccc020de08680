using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Cli.Shell.Progress;
using DriftGuard.Core.Drift;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Drift;
using DriftGuard.Worker.Hosting;

namespace DriftGuard.Cli.Commands.Drift;

/// <summary><c>drift check</c>: runs the detectors on an index now, and says what happened, since when and what to do.</summary>
internal sealed class DriftCheckCommand : DriftGuardCommand
{
    private readonly Argument<string> _index = new("index") { Description = "The index" };
    private readonly Option<Detector[]> _detectors = EnumOption.Several<Detector>(
        "--detector", "A detector to run, several times or with commas; all unless given. If one finds drift, the others run too");

    private readonly Option<int?> _sample = NumberOption.Create("--sample", "How many points are embedded again; as many as every night unless set", 1, DriftEndpoints.MostPoints);
    private readonly Option<int?> _seed = NumberOption.Create("--seed", "Seed of what is drawn, from an earlier report; drawn itself unless set", int.MinValue, int.MaxValue);

    public DriftCheckCommand()
        : base(
            "check", "Check an index for drift of its model, vectors, retrieval, data and schema; the report is kept",
            "driftguard drift check docs", "driftguard drift check docs --detector model,index --sample 1000", "driftguard drift check docs --output json")
    {
        Arguments.Add(_index);
        Options.Add(_detectors);
        Options.Add(_sample);
        Options.Add(_seed);
    }

    public override IReadOnlyList<(ExitCode Code, string Meaning)> ExitCodes => DriftWords.ExitCodes;

    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var index = arguments.GetRequiredValue(_index);
        var asked = new DriftCheckRequest(arguments.GetValue(_detectors) ?? [], arguments.GetValue(_sample), arguments.GetValue(_seed));
        var report = await EngineSession.AskAsync(
            context, "drift check", engine => CheckAsync(context, engine, index, asked),
            server => context.WithProgressAsync(progress =>
            {
                progress.Task($"checking on {context.Server}", 1);
                return server.PostAsync<DriftReport>($"indexes/{index}/drift/checks", asked, context.CancellationToken, DriftJson.Options);
            }));
        context.Report(report, (console, made) => DriftReportView.Write(console, made, allCharts: false), DriftJson.Indented);
        return DriftWords.CodeOf(report.Verdict);
    }

    private static Task<DriftReport> CheckAsync(CommandContext context, Engine engine, string index, DriftCheckRequest asked) => context.WithProgressAsync(async progress =>
    {
        IProgressTask? running = null;
        var made = await engine.Drift.CheckAsync(
            index, asked.Detectors!, asked.Sample, asked.Seed, DriftService.Requested,
            detector =>
            {
                running?.Report(1);
                running = progress.Task($"detector {DriftJson.Word(detector)}", 1);
            }, context.CancellationToken);
        running?.Report(1);
        return made;
    });
}
