using System.Globalization;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Diagnosis;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Telemetry.Tracing;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Drift.Checks;

/// <summary>What a check is to do.</summary>
/// <param name="Detectors">The detectors that were asked for; empty for all.</param>
/// <param name="Sample">Points that the index detector embeds again in a run; null for as many as the index' schedule says.</param>
/// <param name="Seed">Seed of everything that is drawn.</param>
/// <param name="Trigger">Who asked.</param>
internal sealed record DriftCheckPlan(IReadOnlyCollection<Detector> Detectors, int? Sample, int Seed, string Trigger);

/// <summary>
/// Runs detectors on an index, names the cause and stores the report. A check of some detectors that finds drift goes on with the others: one
/// verdict alone has many causes, and whoever is woken wants one.
/// </summary>
internal sealed partial class DriftChecker(
    SubjectReader subjects, IEnumerable<IDriftDetector> detectors, DriftCheckTrace trace, StateStore state, TimeProvider time, ILogger<DriftChecker> log)
{
    private readonly IReadOnlyList<IDriftDetector> detectors = [.. detectors.OrderBy(detector => detector.Detector)];

    /// <summary>Checks an index.</summary>
    /// <param name="index">Its name.</param>
    /// <param name="plan">What is to be done.</param>
    /// <param name="progress">Told of each detector before it runs.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The report, stored; where Qdrant cannot be used at all, one that says so.</returns>
    /// <exception cref="OperatorException">There is no such index.</exception>
    public Task<DriftReport> CheckAsync(string index, DriftCheckPlan plan, Action<Detector>? progress, CancellationToken cancellation) =>
        trace.CheckAsync(index, plan.Trigger, () => RunAsync(index, plan, progress, cancellation));

    private async Task<DriftReport> RunAsync(string index, DriftCheckPlan plan, Action<Detector>? progress, CancellationToken cancellation)
    {
        var (began, at) = (time.GetTimestamp(), time.GetUtcNow());
        var asked = detectors.Where(detector => plan.Detectors.Count == 0 || plan.Detectors.Contains(detector.Detector)).ToList();
        DriftSubject? subject = null;
        try
        {
            List<DetectorResult> results;
            try
            {
                subject = await subjects.ReadAsync(index, plan, cancellation);
                results = await RunAllAsync(asked, subject, progress, cancellation);
            }
            catch (QdrantException failure)
            {
                results = asked.ConvertAll(detector => DetectorFailures.Of(detector.Detector, failure));
            }

            var report = new DriftReport
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"{index}-drift-{Guid.CreateVersion7():N}"),
                Index = index,
                At = at,
                Trigger = plan.Trigger,
                Collection = subject?.CollectionName,
                Model = subject?.Model?.Name,
                Fingerprint = subject?.Model?.Expected,
                Detectors = results,
                Diagnosis = Diagnostician.Diagnose(new(index, results, await LastGoodAsync(index, cancellation))),
                Seed = plan.Seed,
                Milliseconds = time.GetElapsedTime(began).TotalMilliseconds,
                EmbeddingMilliseconds = subject?.Meter.Milliseconds ?? 0,
                TextsEmbedded = subject?.Meter.Texts ?? 0,
            };
            await StoreAsync(report, cancellation);
            return report;
        }
        finally
        {
            subject?.Dispose();
        }
    }

    private async Task<List<DetectorResult>> RunAllAsync(List<IDriftDetector> asked, DriftSubject subject, Action<Detector>? progress, CancellationToken cancellation)
    {
        var results = new List<DetectorResult>();
        foreach (var detector in asked)
        {
            results.Add(await RunAsync(detector, subject, progress, cancellation));
        }

        if (results.Exists(result => result.Verdict.IsDrift()))
        {
            foreach (var detector in detectors.Except(asked))
            {
                results.Add(await RunAsync(detector, subject, progress, cancellation));
            }
        }

        results.Sort((left, right) => left.Detector.CompareTo(right.Detector));
        return results;
    }

    private async Task<DetectorResult> RunAsync(IDriftDetector detector, DriftSubject subject, Action<Detector>? progress, CancellationToken cancellation)
    {
        progress?.Invoke(detector.Detector);
        var began = time.GetTimestamp();
        DetectorResult result;
        try
        {
            result = await DriftCheckTrace.DetectAsync(detector.Detector, () => detector.RunAsync(subject, cancellation));
        }
        catch (Exception failure) when (!DetectorFailures.EndsCheck(failure, cancellation))
        {
            result = DetectorFailures.Of(detector.Detector, failure);
            if (DetectorFailures.IsUnforeseen(result.Reason))
            {
                LogUnforeseen(log, subject.Index, detector.Detector, failure);
            }
        }

        return result with { Milliseconds = time.GetElapsedTime(began).TotalMilliseconds };
    }

    private async Task<IReadOnlyDictionary<Detector, DateTimeOffset>> LastGoodAsync(string index, CancellationToken cancellation)
    {
        var last = await state.LastGoodDriftChecksAsync(index, cancellation);
        return Enum.GetValues<Detector>().Where(detector => last.ContainsKey(DriftJson.Word(detector))).ToDictionary(detector => detector, detector => last[DriftJson.Word(detector)]);
    }

    private Task StoreAsync(DriftReport report, CancellationToken cancellation) => state.AddDriftReportAsync(
        new(report.Id, report.Index, report.At, report.Trigger, DriftJson.Word(report.Verdict), DriftJson.Word(report.Diagnosis.Cause),
            System.Text.Json.JsonSerializer.Serialize(report, DriftJson.Options),
            [.. report.Detectors.Select(result => new StoredDriftVerdict(
                DriftJson.Word(result.Detector), DriftJson.Word(result.Verdict), result.Statistic?.Value, result.P, result.Effect?.Value))]),
        cancellation);

    [LoggerMessage(5040, LogLevel.Error, "Drift check of {Index}: detector {Detector} failed unexpectedly")]
    private static partial void LogUnforeseen(ILogger log, string index, Detector detector, Exception failure);
}
