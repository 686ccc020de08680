using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Hosting;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Demo;

/// <summary><c>demo</c>: the whole story on real models and a real corpus, with figures computed as it runs.</summary>
internal sealed class DemoCommand : DriftGuardCommand
{
    private const string IndexName = "xquad";
    private const string SetName = "xquad-en";
    private const string OldModel = "static-wordpiece-128";
    private const string NewModel = "all-minilm-l6-v2-int8";
    private const int Readers = 4;
    private const int QuestionsShown = 4;

    private readonly Option<string?> _keep = new("--keep") { Description = "Keep what the demo builds in this new or empty folder" };

    public DemoCommand()
        : base("demo", "Re-embed a real corpus from one real model to another while readers read, in under a minute", "driftguard demo", "driftguard demo --keep ./driftguard-demo") =>
        Options.Add(_keep);

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var begin = context.Time.GetTimestamp();
        var keep = arguments.GetValue(_keep);
        var folder = keep is null ? Directory.CreateTempSubdirectory("driftguard-demo-").FullName : EmptyFolder(keep);
        try
        {
            // The embedded Qdrant and a folder of its own, whatever is configured: the demo touches nothing else.
            var options = context.Options with { DataDirectory = folder, Qdrant = new(), Models = context.Options.Models with { LockFile = null } };
            using var loggers = ShellLogging.ForCommand(context.Verbose);
            await using var engine = await Engine.StartAsync(options, "demo", context.Time, loggers, context.CancellationToken);
            var outcome = await new DemoStory(context, engine, IndexName, SetName, OldModel, NewModel, Readers, QuestionsShown).TellAsync();
            context.Report(outcome with { Seconds = context.Time.GetElapsedTime(begin).TotalSeconds, Kept = keep is null ? null : folder }, WriteEnd);
            return outcome.WentAsItMust ? ExitCode.Success : ExitCode.UnexpectedError;
        }
        finally
        {
            if (keep is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static string EmptyFolder(string keep)
    {
        var folder = Path.GetFullPath(keep);
        return !Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any()
            ? folder
            : throw new CommandException(ExitCode.Conflict, $"{folder} is not empty", "the demo keeps its data in a new or empty folder only");
    }

    private static void WriteEnd(IAnsiConsole console, DemoOutcome outcome)
    {
        console.WriteLine();
        console.Say($"[bold]Done in {outcome.Seconds:0.0} s.[/] {(outcome.Kept is null ? "Nothing is left behind." : $"Kept in {outcome.Kept}.")}");
        console.Say($"Try next:");
        if (outcome.Kept is { } kept)
        {
            console.Say($"  driftguard --data {kept} rollout status {IndexName}");
            console.Say($"  driftguard --data {kept} rollout rollback {IndexName}-r1");
        }
        else
        {
            console.Say($"  driftguard demo --keep ./driftguard-demo     keep the index and look at it with the other commands");
        }

        console.Say($"  driftguard model similarity \"The cat sat on the mat\" \"A kitten was resting on the rug\"");
        console.Say($"  driftguard index create docs --model {NewModel}     an index of your own; then: driftguard index load docs FILE");
        console.Say($"  driftguard --help");
    }
}
