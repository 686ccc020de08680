namespace DriftGuard.State;

/// <summary>The report of a check of an index.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Index">The index that was checked.</param>
/// <param name="At">When it was checked.</param>
/// <param name="Trigger">What asked for the check.</param>
/// <param name="Verdict">What is concluded: none, suspected, confirmed, insufficient_data or failed.</param>
/// <param name="Cause">The hypothesis that explains it, in a word.</param>
/// <param name="Json">The whole report.</param>
/// <param name="Verdicts">What each detector found, each detector once and in the order in which they ran; their names hold no comma.</param>
public sealed record StoredDriftReport(
    string Id, string Index, DateTimeOffset At, string Trigger, string Verdict, string Cause, string Json, IReadOnlyList<StoredDriftVerdict> Verdicts);

/// <summary>What a detector found.</summary>
/// <param name="Detector">Its name.</param>
/// <param name="Verdict">none, suspected, confirmed, insufficient_data or failed.</param>
/// <param name="Statistic">Its statistic; null where it has none. Not a number is stored as null.</param>
/// <param name="P">Its p-value; null where it has none.</param>
/// <param name="Effect">Its effect size, in the detector's own unit; null where it has none.</param>
public sealed record StoredDriftVerdict(string Detector, string Verdict, double? Statistic, double? P, double? Effect);

/// <summary>A report as it is listed.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Index">The index that was checked.</param>
/// <param name="At">When it was checked.</param>
/// <param name="Trigger">What asked for the check.</param>
/// <param name="Detectors">Who took part, in the order in which they ran.</param>
/// <param name="Verdict">What is concluded.</param>
/// <param name="Cause">The hypothesis that explains it, in a word.</param>
public sealed record DriftReportEntry(
    string Id, string Index, DateTimeOffset At, string Trigger, IReadOnlyList<string> Detectors, string Verdict, string Cause);

/// <summary>What a detector answered when it last looked at an index.</summary>
/// <param name="Index">The index.</param>
/// <param name="Detector">The detector.</param>
/// <param name="Verdict">What it answered.</param>
/// <param name="At">When.</param>
/// <param name="ReportId">The report that it is part of.</param>
/// <param name="Cause">What that report says has happened, where it is the newest of the index; null otherwise.</param>
public sealed record LatestDriftVerdict(string Index, string Detector, string Verdict, DateTimeOffset At, string ReportId, string? Cause);

/// <summary>What a detector found at one time.</summary>
/// <param name="ReportId">The report that it is part of.</param>
/// <param name="At">When.</param>
/// <param name="Found">What it found.</param>
public sealed record DriftHistoryEntry(string ReportId, DateTimeOffset At, StoredDriftVerdict Found);
