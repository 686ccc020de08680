using System.CommandLine;
using DriftGuard.Cli.Shell;

namespace DriftGuard.Cli.Commands.Drift;

/// <summary><c>drift import</c>: takes logged queries, so that checks can compare what is asked today with what was asked before.</summary>
internal sealed class DriftImportCommand : DriftGuardCommand
{
    private readonly Argument<string> _index = new("index") { Description = "The index" };
    private readonly Argument<string> _file = new("file") { Description = "The log: JSON Lines of text or vector, with at, and session and fingerprint where they are known" };

    public DriftImportCommand()
        : base(
            "import", "Take logged queries of an index for the data detector; nothing is taken if anything in the file is wrong",
            "driftguard drift import docs queries.jsonl")
    {
        Arguments.Add(_index);
        Arguments.Add(_file);
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) =>
        EngineSession.RunAsync(context, "drift import", async engine =>
        {
            var index = arguments.GetRequiredValue(_index);
            var result = await context.WithProgressAsync(async progress =>
            {
                var task = progress.Task($"taking queries of {index}", 0);
                return await engine.Drift.ImportQueriesAsync(
                    index, Path.GetFullPath(arguments.GetRequiredValue(_file)), (done, total) => { task.ChangeTotal(total); task.Report(done); }, context.CancellationToken);
            });
            context.Report(result, (console, taken) =>
            {
                console.Say($"[green]read[/] {taken.Read} queries of {index}: {taken.Kept} kept, {taken.NotDrawn} beyond the random part of their day that is kept, {taken.Repeated} repeated, {taken.TooOld} of days that are not kept any more, {taken.NotEmbedded} that the model does not embed");
                if (taken.Reproduced < taken.Compared)
                {
                    console.Say($"[yellow]warning:[/] {taken.Compared - taken.Reproduced} of {taken.Compared} query vectors are not those that the index' model gives for their texts: applications embed queries with another model, run 'driftguard drift check {index}'");
                }
            });
            return ExitCode.Success;
        });
}
