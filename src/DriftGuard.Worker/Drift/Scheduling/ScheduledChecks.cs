using DriftGuard.Core.Drift;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Drift.Scheduling;

/// <summary>Does the checks that schedules ask for, and says in the log what they found: loudly where somebody has to act.</summary>
internal sealed partial class ScheduledChecks(DriftService drift, ILogger<ScheduledChecks> log) : IDriftCheckRunner
{
    public async Task RunScheduledAsync(string index, DriftCheckRequest request, CancellationToken cancellation)
    {
        try
        {
            var report = await drift.CheckAsync(
                index, [.. request.Detectors.Select(name => Enum.Parse<Detector>(name, ignoreCase: true))], request.Sample, null, request.Trigger, null, cancellation);
            var (verdict, cause) = (DriftJson.Word(report.Verdict), DriftJson.Word(report.Diagnosis.Cause));
            if (report.Verdict.IsDrift() || report.Verdict == DriftVerdict.Failed)
            {
                LogFound(log, index, verdict, cause, report.Diagnosis.WhatHappened, report.Diagnosis.WhatToDo, report.Id);
            }
            else
            {
                LogClean(log, index, verdict, string.Join(", ", report.Detectors.Select(result => $"{DriftJson.Word(result.Detector)} {DriftJson.Word(result.Verdict)}")), report.Milliseconds);
            }
        }
        catch (OperatorException failure)
        {
            LogCannotLook(log, index, failure.Message);
        }
    }

    [LoggerMessage(5042, LogLevel.Warning, "Drift check of {Index}: {Verdict} ({Cause}): {WhatHappened}. What to do: {WhatToDo}. Report {Report}")]
    private static partial void LogFound(ILogger log, string index, string verdict, string cause, string whatHappened, string whatToDo, string report);

    [LoggerMessage(5043, LogLevel.Information, "Drift check of {Index}: {Verdict} ({Detectors}) in {Milliseconds:0} ms")]
    private static partial void LogClean(ILogger log, string index, string verdict, string detectors, double milliseconds);

    [LoggerMessage(5044, LogLevel.Warning, "Drift check of {Index} could not look; it is done again at its next time: {Failure}")]
    private static partial void LogCannotLook(ILogger log, string index, string failure);
}
