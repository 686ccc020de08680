using System.Globalization;
using DriftGuard.Core.Calibration;
using DriftGuard.Core.Retrieval;
using DriftGuard.Embedding;
using DriftGuard.Testing.Models;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Models;

namespace DriftGuard.Benchmarks.Gate;

/// <summary>
/// Writes what each query of the shipped calibration sets scores under real models, by exact search: the populations that simulations of
/// the gate draw from. It is written anew where a model or a set changes; a test holds that it is what the shipped models give.
/// </summary>
internal static class PerQueryRecorder
{
    private const int Depth = 100;

    private static readonly RetrievalMetric[] Metrics = [RetrievalMetric.CappedRecallAt10, RetrievalMetric.NdcgAt10, RetrievalMetric.Parse("mrr")];

    /// <summary>Records.</summary>
    /// <param name="models">Folders of the models.</param>
    /// <param name="file">The file to write.</param>
    public static async Task RunAsync(IReadOnlyList<string> models, string file)
    {
        var opened = models.Select(Open).ToList();
        await using var output = new StreamWriter(file) { NewLine = "\n" };
        var columns = opened.SelectMany(model => Metrics.Select(metric => $"{model.Spec.Name} {metric.Name}"));
        await output.WriteLineAsync($"set\tgroup\t{string.Join('\t', columns)}");
        foreach (var folder in RepositoryFolders.Corpora().Select(corpus => Path.GetDirectoryName(corpus)!))
        {
            var set = CalibrationSetFolder.Load(folder);
            var values = new List<IReadOnlyList<IReadOnlyList<double>>>();
            foreach (var model in opened)
            {
                await Console.Error.WriteLineAsync($"{set.Name} under {model.Spec.Name}");
                values.Add(await ScoreAsync(set, model));
            }

            for (var i = 0; i < set.Queries.Count; i++)
            {
                var row = values.SelectMany(metrics => metrics.Select(metric => metric[i].ToString("0.######", CultureInfo.InvariantCulture)));
                await output.WriteLineAsync($"{set.Name}\t{set.Queries[i].Group}\t{string.Join('\t', row)}");
            }
        }

        opened.ForEach(model => model.Dispose());
    }

    // e5-small-v2's files come without a model.yaml.
    private static OpenedModel Open(string folder) => new(EmbeddingModel.Open(File.Exists(Path.Combine(folder, "model.yaml"))
        ? folder
        : ModelCopy.OfE5(folder, Directory.CreateTempSubdirectory("driftguard-record-").FullName).Directory));

    private static async Task<IReadOnlyList<IReadOnlyList<double>>> ScoreAsync(CalibrationSet set, OpenedModel model)
    {
        var searched = await CorpusSearch.FindAsync(model, set, set.Corpus!, Depth, _ => { }, default);
        return EvaluationFigures.Values(set, Metrics, searched.Found);
    }
}
