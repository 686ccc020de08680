using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Embedding;
using DriftGuard.Core.Retrieval;
using DriftGuard.Embedding;
using DriftGuard.Worker.Models;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Model;

/// <summary><c>model closest-pair</c>: the texts of a file that are most similar to each other, of all pairs.</summary>
internal sealed class ModelClosestPairCommand : DriftGuardCommand
{
    private const int MostPairs = 1000;

    private readonly Argument<string> _file = new("file") { Description = "The texts: one a line, or JSON Lines with text" };

    private readonly Option<string?> _model = new("--model")
    {
        Description = "A model: a name, or the path to a folder with a model.yaml [default: the first that runs in the process]",
        HelpName = "MODEL",
    };

    private readonly Option<int> _top = new("--top") { Description = "How many pairs to show", DefaultValueFactory = _ => 5 };

    public ModelClosestPairCommand()
        : base(
            "closest-pair", "Find the most similar texts of a file, comparing every pair", "driftguard model closest-pair sentences.txt",
            "driftguard model closest-pair --model all-minilm-l6-v2-int8 --top 1 calibration-sets/clinc150/corpus.jsonl")
    {
        Arguments.Add(_file);
        Options.Add(_model);
        Options.Add(_top);
        _top.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && (!int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var pairs) || pairs is < 1 or > MostPairs))
            {
                result.AddError($"--top: expected a whole number from 1 to {MostPairs}, found '{text}'");
            }
        });
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var start = context.Time.GetTimestamp();
        var lines = TextFile.Read(arguments.GetRequiredValue(_file));
        var folder = arguments.GetValue(_model) is { } named
            ? ModelFinder.Find(context.Options, named)
            : ModelFinder.InProcess(context.Options).FirstOrDefault(f => f.Problems.Count == 0)
                ?? throw new CommandException(ExitCode.NotFound, $"there are no models in {string.Join(", ", context.Options.Models.SearchPath)}", "Set models.roots, or name a folder with --model.");

        // The same text twice is no answer to which texts are similar: each text counts once, where it first stands.
        var distinct = lines.DistinctBy(line => line.Text.Trim(), StringComparer.Ordinal).ToList();
        using var model = EmbeddingModel.Open(folder.Directory, context.Options.EmbeddingOptions());
        var opened = context.Time.GetTimestamp();
        var outcomes = await context.WithProgressAsync(progress => EmbedAsync(model, distinct, progress.Task($"embedding with {folder.Name}", distinct.Count), context.CancellationToken));
        var embedded = context.Time.GetTimestamp();
        var found = Enumerable.Range(0, distinct.Count).Where(i => outcomes[i].IsEmbedded).ToList();
        var pairs = ClosestPairs.Find(found.ConvertAll(i => outcomes[i].Vector!), arguments.GetValue(_top), context.CancellationToken);
        var end = context.Time.GetTimestamp();

        TextLine At(int position) => distinct[found[position]];
        double Seconds(long from, long to) => context.Time.GetElapsedTime(from, to).TotalSeconds;
        context.Report(
            new Answer(
                folder.Name, model.Fingerprint.Id, lines.Count, lines.Count - distinct.Count, model.Statistics.TruncatedTexts,
                [.. distinct.Index().Where(d => !outcomes[d.Index].IsEmbedded).Select(d => new NotCompared(d.Item.Line, outcomes[d.Index].Failure!))],
                [.. pairs.Select(p => new Pair(p.Cosine, At(p.First), At(p.Second)))],
                new(Seconds(start, opened), Seconds(opened, embedded), Seconds(embedded, end), Seconds(start, end)), model.Description),
            Write);
        return ExitCode.Success;
    }

    private static async Task<List<EmbeddingOutcome>> EmbedAsync(
        EmbeddingModel model, List<TextLine> texts, Shell.Progress.IProgressTask task, CancellationToken cancellation)
    {
        var outcomes = new List<EmbeddingOutcome>(texts.Count);
        await foreach (var outcome in model.EmbedStreamAsync(texts.Select(t => t.Text).ToAsyncEnumerable(), InputKind.Document, cancellation))
        {
            outcomes.Add(outcome);
            if (outcomes.Count % 512 == 0 || outcomes.Count == texts.Count)
            {
                task.Report(outcomes.Count);
            }
        }

        return outcomes;
    }

    private static void Write(IAnsiConsole console, Answer answer)
    {
        foreach (var pair in answer.Pairs)
        {
            console.Say($"[bold]{pair.Cosine:F4}[/]  {pair.First.Line}: {pair.First.Text}");
            console.Say($"        {pair.Second.Line}: {pair.Second.Text}");
        }

        if (answer.Pairs.Count == 0)
        {
            console.Say($"[yellow]no pair: fewer than two different texts have a vector[/]");
        }

        foreach (var left in answer.NotCompared)
        {
            console.Say($"[red]not compared[/] line {left.Line}: {left.Reason}");
        }

        if (answer.Repeated > 0)
        {
            console.Say($"[grey]{answer.Repeated} texts repeat an earlier one and count once[/]");
        }

        if (answer.Truncated > 0)
        {
            console.Say($"[yellow]{answer.Truncated} texts are longer than the model's token limit: their end is not in their vector[/]");
        }

        var seconds = answer.Seconds;
        console.Say(
            $"{answer.Texts} texts with {answer.Model}: open {seconds.Open:F2} s, embed {seconds.Embed:F2} s, search {seconds.Search:F2} s, total {seconds.Total:F2} s");
        console.Say($"[grey]{answer.Runs}[/]");
    }

    private sealed record Answer(
        string Model, string Fingerprint, int Texts, int Repeated, long Truncated, IReadOnlyList<NotCompared> NotCompared, IReadOnlyList<Pair> Pairs, Durations Seconds,
        string Runs);

    private sealed record Pair(double Cosine, TextLine First, TextLine Second);

    private sealed record NotCompared(int Line, string Reason);

    private sealed record Durations(double Open, double Embed, double Search, double Total);
}
