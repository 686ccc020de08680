using DriftGuard.Embedding;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Drift.Baselines;

/// <summary>
/// Takes a baseline when an index begins to be served by another collection: it has just passed its gate, so it is good. A baseline that cannot
/// be taken keeps nobody from cutting over; the first check takes one.
/// </summary>
internal sealed partial class CutoverBaseline(ServingIndexReader indexes, ModelPool models, BaselineTaker taker, DriftGuardOptions options, ILogger<CutoverBaseline> log)
{
    public async Task TakeAsync(string index, CancellationToken cancellation)
    {
        try
        {
            var serving = await indexes.ReadAsync(index, cancellation);
            if (serving.Model is { } model && serving.State.HoldsOneUnnamedVector)
            {
                await taker.TakeAsync(
                    index, serving.Definition.TextField, serving.Definition.CalibrationSet, serving.State with { Name = serving.Collection },
                    models.Get(model, serving.Fingerprint), BaselineKind.Cutover, options.Drift.Queries.Seed, cancellation);
            }
        }
        catch (Exception failure) when (failure is OperatorException or ModelException or EmbeddingProviderException or QdrantException or ArgumentException)
        {
            LogNoBaseline(log, index, failure.Message);
        }
    }

    [LoggerMessage(5041, LogLevel.Warning, "No baseline of {Index} could be taken at its cutover; the first drift check takes one: {Failure}")]
    private static partial void LogNoBaseline(ILogger log, string index, string failure);
}
