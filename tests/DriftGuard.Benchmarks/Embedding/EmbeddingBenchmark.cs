using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Embedding.Inference;

namespace DriftGuard.Benchmarks.Embedding;

/// <summary>What one model did on one set of texts.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Texts">What the texts are.</param>
/// <param name="Count">How many texts.</param>
/// <param name="Tokens">Tokens of all texts, special ones included.</param>
/// <param name="RawPerSecond">Texts a second of the sessions alone, median.</param>
/// <param name="PipelinePerSecond">Texts a second from text to vector, median.</param>
/// <param name="Ratio">Median over the rounds of pipeline / raw within a round.</param>
/// <param name="CpuRatio">
/// The same for the processor time of the process: what the pipeline adds of its own, whatever else the machine does.
/// </param>
/// <param name="Rounds">Rounds, each with one run of both.</param>
public sealed record EmbeddingThroughput(
    string Model, string Texts, int Count, long Tokens, double RawPerSecond, double PipelinePerSecond, double Ratio, double CpuRatio, int Rounds);

/// <summary>
/// Throughput of the embedding pipeline as a share of the raw limit of the same sessions in the same process. Rounds alternate, and
/// the share is taken within a round, so that other load on the machine falls on both.
/// </summary>
public static class EmbeddingBenchmark
{
    /// <summary>Measures one model on the texts of one JSON-lines file.</summary>
    /// <param name="modelDirectory">A folder with <c>model.yaml</c>.</param>
    /// <param name="corpusFile">One JSON object a line, with <c>text</c>.</param>
    /// <param name="rounds">Rounds after the one that warms up.</param>
    /// <param name="repeat">How often the texts are gone through in one run, for models that are very fast.</param>
    /// <param name="limit">Most texts that are read.</param>
    public static async Task<EmbeddingThroughput> RunAsync(
        string modelDirectory, string corpusFile, int rounds = 7, int repeat = 1, int limit = int.MaxValue)
    {
        var read = File.ReadLines(corpusFile).Take(limit).Select(TextOf).ToList();
        var texts = Enumerable.Repeat(read, repeat).SelectMany(t => t).ToList();
        var options = new EmbeddingModelOptions();
        using var pipeline = (EmbeddingPipeline)ModelLoader.Load(modelDirectory, options, new()).Engine;
        using var raw = new RawLimit(pipeline.Model, texts, options.Window);

        Task RunRawAsync()
        {
            raw.Run();
            return Task.CompletedTask;
        }

        Task RunPipelineAsync() => pipeline.EmbedAsync(texts, InputKind.Document, CancellationToken.None);

        var measured = new List<(Cost Raw, Cost Pipeline)>();
        for (var round = 0; round <= rounds; round++)
        {
            var first = await CostAsync(round % 2 == 0 ? RunRawAsync : RunPipelineAsync);
            var second = await CostAsync(round % 2 == 0 ? RunPipelineAsync : RunRawAsync);
            if (round > 0)
                measured.Add(round % 2 == 0 ? (first, second) : (second, first));
        }

        return new(
            pipeline.Model.Spec.Name,
            Path.GetFileName(Path.GetDirectoryName(corpusFile)) ?? "",
            texts.Count,
            raw.Tokens,
            texts.Count / Median(measured.Select(m => m.Raw.Seconds)),
            texts.Count / Median(measured.Select(m => m.Pipeline.Seconds)),
            Median(measured.Select(m => m.Raw.Seconds / m.Pipeline.Seconds)),
            Median(measured.Select(m => m.Raw.ProcessorSeconds / m.Pipeline.ProcessorSeconds)),
            rounds);
    }

    /// <summary>Measures every model on every file and writes a Markdown table.</summary>
    public static async Task RunAsync(
        IReadOnlyList<string> modelDirectories, IReadOnlyList<string> corpusFiles, TextWriter output, int rounds = 7)
    {
        await output.WriteLineAsync("| model | texts | count | raw, texts/s | pipeline, texts/s | ratio | ratio of processor time |\n|---|---|---|---|---|---|---|");
        foreach (var modelDirectory in modelDirectories)
        {
            foreach (var corpusFile in corpusFiles)
            {
                var t = await RunAsync(modelDirectory, corpusFile, rounds);
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"| {t.Model} | {t.Texts} | {t.Count} | {t.RawPerSecond:F0} | {t.PipelinePerSecond:F0} | {t.Ratio:F3} | {t.CpuRatio:F3} |"));
            }
        }
    }

    private static string TextOf(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("text").GetString()!;
    }

    private static async Task<Cost> CostAsync(Func<Task> action)
    {
        var processor = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        await action();
        return new(watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private sealed record Cost(double Seconds, double ProcessorSeconds);
}
