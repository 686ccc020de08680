using DriftGuard.Core.Drift;
using static DriftGuard.Worker.Reports.ReportText;

namespace DriftGuard.Worker.Drift.Reports;

/// <summary>What drift reports say beside plain figures, the same on the terminal and on pages.</summary>
public static class DriftReportText
{
    /// <summary>A named number with its interval, such as <c>mismatch_share 0.07 (0.03 to 0.14)</c>; '-' for none.</summary>
    public static string Named(DriftFigure? figure) => figure switch
    {
        null => "-",
        { Lower: { } lower, Upper: { } upper } => $"{figure.Name} {Figure(figure.Value)} ({Figure(lower)} to {Figure(upper)})",
        { Upper: { } upper } => $"{figure.Name} {Figure(figure.Value)} (at most {Figure(upper)})",
        { Lower: { } lower } => $"{figure.Name} {Figure(figure.Value)} (at least {Figure(lower)})",
        _ => $"{figure.Name} {Figure(figure.Value)}",
    };

    /// <summary>What was looked at, and how many of it.</summary>
    public static string Samples(IReadOnlyDictionary<string, long> samples) =>
        samples.Count == 0 ? "-" : string.Join(", ", samples.Select(sample => $"{Count(sample.Value)} {sample.Key}"));
}
