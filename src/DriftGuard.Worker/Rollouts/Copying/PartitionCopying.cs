using DriftGuard.Core.Rollouts;
using DriftGuard.State;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Rollouts.Copying.Pacing;
using DriftGuard.Worker.Sources;
using DriftGuard.Worker.Telemetry.Tracing;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>Copies a partition that is known by its rollout and position: looks up what <see cref="PartitionCopier"/> needs.</summary>
internal sealed partial class PartitionCopying(
    StateStore state, PartitionCopier copier, CopyPaces paces, IndexCorpora corpora, ModelPool models, ILogger<PartitionCopying> log)
{
    public async Task CopyAsync(string rolloutId, int ordinal, CancellationToken cancellation)
    {
        var rollout = await state.FindRolloutAsync(rolloutId, cancellation);
        var index = await state.FindIndexAsync(rollout!.Index, cancellation);
        var model = models.Get(rollout.ToModel, rollout.ToFingerprint);
        var corpus = await corpora.OfAsync(index!, rollout.Blue, cancellation);
        var surplus = await TracedAsync(rollout, ordinal, async () =>
        {
            long? found = 0;
            await paces.RunAsync(rollout, async pace => found = await copier.CopyAsync(rollout, ordinal, corpus, model, pace, cancellation), cancellation);
            return found;
        });
        ModelLog.Embedded(log, rolloutId, ordinal, model);
        if (surplus > 0)
        {
            LogSurplus(log, rolloutId, ordinal, surplus.Value, corpus.Source.InWords);
        }
    }

    /// <summary>Copies as one span of the rollout's trace: what it calls a batch is measured, and not traced.</summary>
    private static async Task<long?> TracedAsync(Rollout rollout, int ordinal, Func<Task<long?>> copy)
    {
        using var span = RolloutTrace.Begin(RolloutTrace.Partition, rollout)?.SetTag(RolloutTrace.Ordinal, ordinal);
        try
        {
            using var quiet = RolloutTrace.Enter(rollout.Green, span);
            var surplus = await copy();
            span?.SetTag(Spans.Outcome, Spans.Ok);
            return surplus;
        }
        catch (Exception failure)
        {
            span?.Failed(failure);
            throw;
        }
    }

    [LoggerMessage(5072, LogLevel.Information, "Partition {Ordinal} of {Rollout}: {Surplus} texts of the source ({Source}) have no point in the collection that serves, and are not copied; load them to have them in the index")]
    private static partial void LogSurplus(ILogger log, string rollout, int ordinal, long surplus, string source);
}
