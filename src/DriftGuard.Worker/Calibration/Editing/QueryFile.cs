using DriftGuard.Core.Calibration.Building;
using DriftGuard.Worker.Calibration.Building;

namespace DriftGuard.Worker.Calibration.Editing;

/// <summary>Queries as JSON Lines: <c>id</c>, <c>text</c>, <c>relevant</c> (an id or several), and any other plain value as a field.</summary>
internal static class QueryFile
{
    /// <exception cref="OperatorException">A line is wrong; the message lists all.</exception>
    public static async Task<CalibrationSetDraft> ReadAsync(string path, CancellationToken cancellation)
    {
        var draft = JudgedQueryLines.Read(Path.GetFileName(path), await SourceFile.ReadAsync(path, cancellation), out var problems);
        return SourceReader.Refusal(path, problems) is { } refusal ? throw refusal : draft;
    }
}
