using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Diagnosis;
using DriftGuard.Core.Notifications;
using DriftGuard.State;
using DriftGuard.Worker.Drift;
using DriftGuard.Worker.Reports;

namespace DriftGuard.Worker.Notifications;

/// <summary>What the latest checks of each index found, by what has happened: detectors that find the same say it once. A report is parsed once.</summary>
internal sealed class DriftNotifications(StateStore state) : INotificationSource
{
    // As the alarm has it: less is too small to matter.
    private const double SmallestFall = .005;

    private static readonly string Model = DriftJson.Word(Detector.Model), Quality = DriftJson.Word(Detector.Quality);

    private readonly Dictionary<string, DriftReport> _reports = new(StringComparer.Ordinal);

    public string Area => "drift";

    public async Task ReadAsync(NotificationReading reading, CancellationToken cancellation)
    {
        var latest = (await state.LatestDriftVerdictsAsync(cancellation)).Select(verdict => (Found: verdict, Verdict: Enum.Parse<DriftVerdict>(verdict.Verdict.Replace("_", "", StringComparison.Ordinal), ignoreCase: true))).ToList();
        await ReadReportsAsync([.. latest.Where(one => one.Verdict.IsDrift() || one.Found.Detector == Quality).Select(one => one.Found.ReportId)], cancellation);
        foreach (var (found, verdict) in latest)
        {
            if (verdict is DriftVerdict.InsufficientData or DriftVerdict.Failed)
            {
                reading.CannotTell(Witness(found));
            }

            if (verdict == DriftVerdict.Failed && found.Detector == Model)
            {
                reading.Facts.Add(ProbeFails(found));
            }
        }

        var fallen = latest.Where(one => one.Found.Detector == Quality).Select(one => Fallen(one.Found)).OfType<NotificationFact>().ToList();
        reading.Facts.AddRange(fallen);
        var below = fallen.Select(fact => fact.Index).ToHashSet(StringComparer.Ordinal);
        foreach (var drift in latest.Where(one => one.Verdict.IsDrift() && _reports.ContainsKey(one.Found.ReportId))
            .GroupBy(one => (one.Found.Index, _reports[one.Found.ReportId].Diagnosis.Cause)))
        {
            // That labelled queries find less is told by itself.
            if (!(below.Contains(drift.Key.Index) && drift.All(one => one.Found.Detector == Quality)))
            {
                reading.Facts.Add(Drifts(drift.Key.Index, drift.Key.Cause, drift.Max(one => one.Verdict), [.. drift.Select(one => one.Found)]));
            }
        }
    }

    private static string Witness(LatestDriftVerdict found) => $"{found.Index}/{found.Detector}";

    private static NotificationFact ProbeFails(LatestDriftVerdict found) => new(
        $"drift/{found.Index}/probe", NotificationKind.ProbeFailing, found.Index, found.ReportId, $"The model of index {found.Index} cannot be probed",
        $"The latest check could not embed with the model of index {found.Index}, so nobody knows whether it is still the one that was fingerprinted.", found.At)
    {
        WhatToDo = $"driftguard drift explain {found.Index}",
    };

    private NotificationFact Drifts(string index, DriftCause cause, DriftVerdict verdict, IReadOnlyList<LatestDriftVerdict> found)
    {
        var newest = found.MaxBy(one => one.At)!;
        var diagnosis = _reports[newest.ReportId].Diagnosis;
        var (word, kind) = (DriftJson.Word(cause), cause == DriftCause.IndexMixed ? NotificationKind.MixedIndex : verdict == DriftVerdict.Confirmed ? NotificationKind.DriftConfirmed : NotificationKind.DriftSuspected);
        var title = kind == NotificationKind.MixedIndex ? $"Index {index} holds vectors of several models" : $"Drift of index {index} is {DriftJson.Word(verdict)}: {word.Replace('_', ' ')}";
        return new($"drift/{index}/{word}", kind, index, newest.ReportId, title, $"{diagnosis.WhatHappened} {diagnosis.SinceWhen}", found.Min(one => one.At))
        {
            WhatToDo = diagnosis.WhatToDo,
            Figures = [new("verdict", DriftJson.Word(verdict)), new("cause", word), new("detectors", string.Join(", ", found.Select(one => one.Detector))), new("report", newest.ReportId)],
            Witnesses = [.. found.Select(Witness)],
        };
    }

    private NotificationFact? Fallen(LatestDriftVerdict found)
    {
        var fallen = (_reports.GetValueOrDefault(found.ReportId)?.Of(Detector.Quality)?.Quality?.Metrics ?? []).Where(metric => metric.Result is { UpperBound: < 0, MeanDifference: < -SmallestFall }).ToList();
        return fallen.Count == 0 ? null : new(
            $"drift/{found.Index}/quality", NotificationKind.QualityBelowBaseline, found.Index, found.ReportId, $"Retrieval of index {found.Index} is below its baseline",
            "The labelled queries find less than at the baseline, and that is no accident of the sample.", found.At)
        {
            WhatToDo = $"driftguard drift explain {found.Index}",
            Figures = [.. fallen.Select(metric => new NotificationFigure(metric.Metric, $"{ReportText.Figure(metric.Baseline)} before, {ReportText.Figure(metric.Now)} now"))],
            Witnesses = [Witness(found)],
        };
    }

    private async Task ReadReportsAsync(HashSet<string> wanted, CancellationToken cancellation)
    {
        foreach (var old in _reports.Keys.Except(wanted, StringComparer.Ordinal).ToList())
        {
            _reports.Remove(old);
        }

        foreach (var report in wanted.Where(report => !_reports.ContainsKey(report)).ToList())
        {
            if (await state.FindDriftReportAsync(report, cancellation) is { } stored)
            {
                _reports[report] = DriftJson.Read(stored.Json);
            }
        }
    }
}
