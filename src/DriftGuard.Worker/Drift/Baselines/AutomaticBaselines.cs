using DriftGuard.Core.Drift;
using DriftGuard.State;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Drift.Checks;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Drift.Baselines;

/// <summary>
/// Takes the baselines that nobody asks for: when an index begins to be served by another collection, which has just passed its gate, and after
/// the first check that finds nothing wrong. A baseline that cannot be taken keeps nobody from going on: the next check takes one.
/// </summary>
internal sealed partial class AutomaticBaselines(
    ServingIndexReader indexes, ModelPool models, BaselineTaker taker, StateStore state, DriftGuardOptions options, TimeProvider time, ILogger<AutomaticBaselines> log)
{
    /// <summary>After a switch. A collection that serves again keeps the baseline of its better days.</summary>
    public Task AtCutoverAsync(string index, CancellationToken cancellation) =>
        TryAsync(index, BaselineKind.Cutover, static (serving, known) => known?.Collection != serving.Collection, cancellation);

    /// <summary>
    /// After a check that asked for what a baseline is for, if neither it nor the last word of another detector says that something is wrong, and the
    /// index holds something. One that was taken before there was enough is taken again.
    /// </summary>
    public async Task AfterCheckAsync(DriftReport report, CancellationToken cancellation)
    {
        if (report.Fingerprint is null || (report.Of(Detector.Quality) is null && report.Of(Detector.Data) is null) || report.Verdict >= DriftVerdict.Failed
            || await IsInDoubtAsync(report, cancellation))
        {
            return;
        }

        await TryAsync(report.Index, BaselineKind.FirstCheck, static (serving, known) =>
            serving.State.PointsCount > 0 && (known is null || (known.Kind == BaselineKind.FirstCheck && (ulong)BaselineStore.PointsOf(known) < serving.State.PointsCount / 2)), cancellation);
    }

    private async Task<bool> IsInDoubtAsync(DriftReport report, CancellationToken cancellation)
    {
        foreach (var detector in new[] { Detector.Schema, Detector.Model, Detector.Index }.Where(detector => report.Of(detector) is null))
        {
            var last = await state.DriftHistoryAsync(report.Index, DriftJson.Word(detector), 1, cancellation);
            if (last.Count > 0 && last[0].Found.Verdict is not ("none" or "insufficient_data"))
            {
                return true;
            }
        }

        return false;
    }

    private async Task TryAsync(string index, string kind, Func<ServingIndex, BaselineEntry?, bool> isWanted, CancellationToken cancellation)
    {
        try
        {
            var serving = await indexes.ReadAsync(index, cancellation);
            if (serving is not { Model: { } model, Fingerprint: { } fingerprint } || serving.State.DenseVector(serving.Definition.Vector) is null)
            {
                return;
            }

            var known = (await state.ListDriftBaselinesAsync(index, cancellation)).FirstOrDefault(baseline => baseline.Fingerprint == fingerprint);
            if (isWanted(serving, known))
            {
                var meter = new EmbeddingMeter(state, time, options.Drift.ProviderTextsPerDay);
                await taker.TakeAsync(serving, meter.Meter(models.Get(model, fingerprint)), kind, options.Drift.Queries.Seed, cancellation);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            LogNoBaseline(log, index, kind, failure.Message);
        }
    }

    [LoggerMessage(5041, LogLevel.Warning, "No baseline of {Index} could be taken ({Kind}); the next drift check that finds nothing wrong takes one: {Failure}")]
    private static partial void LogNoBaseline(ILogger log, string index, string kind, string failure);
}
