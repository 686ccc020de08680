using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Embedding.Benchmarking;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Models;

namespace DriftGuard.Cli.Commands.Model;

/// <summary><c>model bench</c>: how fast models are on this machine, and how near that is to what it can do.</summary>
internal sealed class ModelBenchCommand : DriftGuardCommand
{
    private const int MostTexts = 2000;
    private const int LatencyQueries = 300;

    private readonly Argument<string[]> _models = new("model")
    {
        Description = "Names or folders of models; all that run in the process unless given",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _file = new("--file")
    {
        Description = "Texts to embed: one a line, or JSON Lines with text; unless given, short and long texts of the calibration sets that come along",
        HelpName = "FILE",
    };

    private readonly Option<int> _rounds = new("--rounds") { Description = "How often the pipeline and the raw limit are measured in turns", DefaultValueFactory = _ => 5 };

    public ModelBenchCommand()
        : base(
            "bench", "Measure models on this machine: throughput, its share of the raw limit, latency; measures their settings anew and keeps them",
            "driftguard model bench", "driftguard model bench all-minilm-l6-v2-int8 --file corpus.jsonl")
    {
        Arguments.Add(_models);
        Options.Add(_file);
        Options.Add(_rounds);
        _rounds.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && (!int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var rounds) || rounds < 1))
            {
                result.AddError($"--rounds: expected a whole number of 1 or more, found '{text}'");
            }
        });
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var named = arguments.GetValue(_models) ?? [];
        var folders = named.Length == 0 ? ModelFinder.InProcess(context.Options) : [.. named.Select(name => ModelFinder.Find(context.Options, name))];
        var texts = TextsOf(context.Options, arguments.GetValue(_file));
        var benches = await context.WithProgressAsync(async progress =>
        {
            var task = progress.Task("measuring", folders.Count * (texts.Count + 1));
            var (done, measured) = (0, new List<ModelBench>());
            foreach (var folder in folders)
            {
                using var benchmark = ModelBenchmark.Open(folder.Directory, context.Options.EmbeddingOptions());
                var latency = await benchmark.LatencyAsync(texts[0].Texts, LatencyQueries, context.CancellationToken);
                await benchmark.Model.TuneAsync(context.CancellationToken);
                task.Report(++done);
                var throughputs = new List<BenchedTexts>();
                foreach (var (name, list) in texts)
                {
                    throughputs.Add(new(name, await benchmark.ThroughputAsync(list, InputKind.Document, arguments.GetValue(_rounds), context.CancellationToken)));
                    task.Report(++done);
                }

                measured.Add(new(folder.Name, benchmark.Model.Fingerprint.Id, benchmark.Model.Description, benchmark.Model.Tuning, latency, throughputs));
            }

            return measured;
        });
        context.Report(benches, ModelBenchView.Write);
        return ExitCode.Success;
    }

    private static List<(string Name, List<string> Texts)> TextsOf(DriftGuardOptions options, string? file)
    {
        if (file is not null)
        {
            var texts = TextFile.Read(file).ConvertAll(line => line.Text);
            return texts.Count > 0 ? [(Path.GetFileName(file), texts)] : throw new CommandException(ExitCode.Usage, $"'{file}' has no texts");
        }

        return [("clinc150 queries", Shipped(options, "clinc150", "queries.jsonl")), ("XQuAD paragraphs", Shipped(options, "xquad-en", "corpus.jsonl"))];
    }

    private static List<string> Shipped(DriftGuardOptions options, string set, string file) =>
        options.CalibrationSets.SearchPath.Select(root => Path.Join(root, set, file)).FirstOrDefault(File.Exists) is { } path
            ? [.. TextFile.Read(path).Take(MostTexts).Select(line => line.Text)]
            : throw new CommandException(ExitCode.NotFound, $"calibration set '{set}' is in none of {string.Join(", ", options.CalibrationSets.SearchPath)}", "Name texts with --file.");
}

/// <summary>What was measured of a model.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Fingerprint">Its identity.</param>
/// <param name="Runs">What it runs on and with which settings, for people.</param>
/// <param name="Tuning">The settings and the trial that found them; null where vectors are computed elsewhere.</param>
/// <param name="Latency">Single queries, one after the other.</param>
/// <param name="Throughput">Bulk work, by kind of texts.</param>
internal sealed record ModelBench(
    string Model, string Fingerprint, string Runs, InferenceTuning? Tuning, QueryLatency Latency, IReadOnlyList<BenchedTexts> Throughput);

/// <summary>Throughput on some texts.</summary>
/// <param name="Texts">What the texts are.</param>
/// <param name="Measured">The figures.</param>
internal sealed record BenchedTexts(string Texts, ModelThroughput Measured);
