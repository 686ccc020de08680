using DriftGuard.Core.Drift;
using DriftGuard.State;
using DriftGuard.Worker.Drift;
using DriftGuard.Worker.Telemetry.Metrics;

namespace DriftGuard.Worker.Telemetry.Watching;

/// <summary>What the latest drift reports say. A report is parsed once: it does not change.</summary>
internal sealed class DriftFigures(StateStore state, OverdueChecks overdue, TimeProvider time) : IFigures
{
    private static readonly string[] InDetail = [DriftJson.Word(Detector.Model), DriftJson.Word(Detector.Index), DriftJson.Word(Detector.Quality)];

    private readonly Dictionary<(string Index, string Detector), (string Report, DetectorResult? Result)> _read = [];

    public IReadOnlyList<MetricDefinition> Metrics { get; } =
    [
        DriftMetrics.Verdict, DriftMetrics.Cause, DriftMetrics.CheckAge, DriftMetrics.CheckOverdue, DriftMetrics.ProbeDistance, DriftMetrics.ProbesBeyond, DriftMetrics.MismatchShare,
        DriftMetrics.Quality, DriftMetrics.QualityDifference,
    ];

    public async Task ReadAsync(FigureSet figures, CancellationToken cancellation)
    {
        var (now, latest) = (time.GetUtcNow(), await state.LatestDriftVerdictsAsync(cancellation));
        await overdue.AddAsync(figures, latest, cancellation);
        foreach (var gone in _read.Keys.Except(latest.Select(verdict => (verdict.Index, verdict.Detector))).ToList())
        {
            _read.Remove(gone);
        }

        foreach (var (index, detector, verdict, at, report, cause) in latest)
        {
            figures.Add(DriftMetrics.Verdict, 1, index, detector, verdict);
            figures.Add(DriftMetrics.CheckAge, Math.Max(0, (now - at).TotalSeconds), index, detector);
            if (cause is not null)
            {
                figures.Add(DriftMetrics.Cause, 1, index, cause);
            }

            if (InDetail.Contains(detector, StringComparer.Ordinal) && await ResultAsync(index, detector, report, cancellation) is { } result)
            {
                Add(figures, index, result);
            }
        }
    }

    private static void Add(FigureSet figures, string index, DetectorResult result)
    {
        if (result.Model?.Probes is { } probes)
        {
            figures.Add(DriftMetrics.ProbeDistance, probes.MedianDistance, index, "median");
            figures.Add(DriftMetrics.ProbeDistance, probes.MaxDistance, index, "max");
            figures.Add(DriftMetrics.ProbesBeyond, probes.Beyond.Count, index);
        }

        if (result.Index?.Mismatches is { } mismatches)
        {
            AddInterval(figures, DriftMetrics.MismatchShare, index, [], (mismatches.Lower95, mismatches.Share, mismatches.Upper95));
        }

        foreach (var metric in result.Quality?.Metrics ?? [])
        {
            figures.Add(DriftMetrics.Quality, metric.Baseline, index, metric.Metric, "baseline");
            figures.Add(DriftMetrics.Quality, metric.Now, index, metric.Metric, "now");
            AddInterval(figures, DriftMetrics.QualityDifference, index, [metric.Metric], (metric.Result.LowerBound, metric.Result.MeanDifference, metric.Result.UpperBound));
        }
    }

    private static void AddInterval(FigureSet figures, MetricDefinition metric, string index, ReadOnlySpan<string> others, (double? Lower, double Estimate, double? Upper) interval)
    {
        figures.Add(metric, interval.Lower ?? double.NaN, index, [.. others, "lower"]);
        figures.Add(metric, interval.Estimate, index, [.. others, "estimate"]);
        figures.Add(metric, interval.Upper ?? double.NaN, index, [.. others, "upper"]);
    }

    private async Task<DetectorResult?> ResultAsync(string index, string detector, string report, CancellationToken cancellation)
    {
        if (_read.TryGetValue((index, detector), out var read) && read.Report == report)
        {
            return read.Result;
        }

        var stored = await state.FindDriftReportAsync(report, cancellation);
        var result = stored is null ? null : DriftJson.Read(stored.Json).Of(Enum.Parse<Detector>(detector, ignoreCase: true));
        _read[(index, detector)] = (report, result);
        return result;
    }
}
