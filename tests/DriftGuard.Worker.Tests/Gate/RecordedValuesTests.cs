using DriftGuard.Core.Retrieval;
using DriftGuard.Embedding;
using DriftGuard.Testing.Gate;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Tests.Gate;

/// <summary>The per-query values that simulations draw from are what the shipped models give on the shipped sets, and not made up.</summary>
public sealed class RecordedValuesTests
{
    [Theory]
    [InlineData("xquad-en", GateWorld.Static, 0)]
    [InlineData("xquad-es", GateWorld.Static, 0)]
    [InlineData("xquad-en", GateWorld.MiniLm, .01)] // Kernels of other processors round otherwise, and a few ranks change places.
    public async Task Recorded_values_are_those_of_the_models(string name, string modelName, double mayDiffer)
    {
        var set = CalibrationSetFolder.Load(Path.Join(GateWorld.ShippedSets, name));
        using var model = new OpenedModel(EmbeddingModel.Open(Path.Join(AppContext.BaseDirectory, "models", modelName), new() { Sessions = 1 }));
        var found = (await CorpusSearch.FindAsync(model, set, set.Corpus!, 100, _ => { }, GateWorld.Cancellation)).Found;

        var (columns, rows) = TiltedPopulation.Recorded();
        var recorded = rows.Where(row => row.Set == name).ToList();

        recorded.Select(row => row.Group).ShouldBe(set.Queries.Select(query => query.Group));
        foreach (var metric in new[] { RetrievalMetric.CappedRecallAt10, RetrievalMetric.NdcgAt10, RetrievalMetric.Parse("mrr") })
        {
            var column = Array.IndexOf(columns, $"{modelName} {metric.Name}");
            var values = EvaluationFigures.Values(set, [metric], found)[0];
            values.Index().Count(value => Math.Abs(value.Item - recorded[value.Index].Values[column]) > 1e-6).ShouldBeLessThanOrEqualTo((int)(mayDiffer * values.Count));
        }
    }
}
