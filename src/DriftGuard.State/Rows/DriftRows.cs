using System.ComponentModel.DataAnnotations;

namespace DriftGuard.State.Rows;

internal sealed class ModelEnrolmentRow
{
    [Key] public required string Fingerprint { get; init; }
    public required DateTimeOffset At { get; init; }
    public required int ProbeVersion { get; init; }
    public required string Json { get; init; }
    public required byte[] Vectors { get; init; }
}

internal sealed class DriftBaselineRow
{
    [Key] public required string Id { get; init; }
    public required string Index { get; init; }
    public required string Fingerprint { get; init; }
    public required string Collection { get; init; }
    public required string Kind { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Json { get; init; }
    public required byte[] Blob { get; init; }
}

internal sealed class DriftReportRow
{
    [Key] public required string Id { get; init; }
    public required string Index { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Trigger { get; init; }

    /// <summary>Names, separated by commas.</summary>
    public required string Detectors { get; init; }
    public required string Verdict { get; init; }
    public required string Cause { get; init; }
    public required string Json { get; init; }
}

internal sealed class DriftVerdictRow
{
    public required string ReportId { get; init; }

    /// <summary>The report's, so that a detector's history is one range of an index.</summary>
    public required string Index { get; init; }
    public required string Detector { get; init; }
    public required string Verdict { get; init; }

    /// <summary>The report's.</summary>
    public required DateTimeOffset At { get; init; }
    public required double? Statistic { get; init; }
    public required double? P { get; init; }
    public required double? Effect { get; init; }
}

internal sealed class QueryObservationRow
{
    public required string Index { get; init; }
    public required DateOnly Day { get; init; }
    public required string Key { get; init; }
    public required long Priority { get; init; }
    public required string Fingerprint { get; init; }
    public required string? Session { get; init; }
    public required DateTimeOffset At { get; init; }
    public required double? BestScore { get; init; }
    public required string? Language { get; init; }
    public required string? Text { get; init; }
    public required byte[] Vector { get; init; }
}

internal sealed class QueryDayRow
{
    public required string Index { get; init; }
    public required DateOnly Day { get; init; }
    public required long Seen { get; init; }
}

internal sealed class LeaseEpochRow
{
    [Key] public required long Epoch { get; init; }
    public required DateTimeOffset At { get; init; }
}

internal sealed class DriftUsageRow
{
    public required string Provider { get; init; }
    public required DateOnly Day { get; init; }
    public required long Texts { get; init; }
}
