using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Diagnosis;

namespace DriftGuard.Worker.Tests.Drift.Causes;

internal static class ReportAssertions
{
    /// <summary>The report is confirmed and names the cause, and answers the three questions.</summary>
    public static void ShouldBeCertainOf(this DriftReport report, DriftCause cause)
    {
        report.Diagnosis.Cause.ShouldBe(cause, Describe(report));
        report.Diagnosis.Certainty.ShouldBe(Certainty.Certain, Describe(report));
        report.ShouldBeConfirmed();
    }

    /// <summary>The report is confirmed and takes the cause for the likeliest.</summary>
    public static void ShouldTakeForLikely(this DriftReport report, DriftCause cause)
    {
        report.Diagnosis.Cause.ShouldBe(cause, Describe(report));
        (report.Diagnosis.Certainty >= Certainty.Likely).ShouldBeTrue(Describe(report));
        report.ShouldBeConfirmed();
    }

    private static void ShouldBeConfirmed(this DriftReport report)
    {
        report.Verdict.ShouldBe(DriftVerdict.Confirmed, Describe(report));
        report.Diagnosis.WhatHappened.ShouldNotBeEmpty();
        report.Diagnosis.SinceWhen.ShouldNotBeEmpty();
        report.Diagnosis.WhatToDo.ShouldNotBeEmpty();
        report.Diagnosis.Evidence.ShouldNotBeEmpty();
    }

    private static string Describe(DriftReport report) =>
        $"{report.Diagnosis.WhatHappened}\n{string.Join('\n', report.Diagnosis.Evidence)}\nothers: {string.Join("; ", report.Diagnosis.Others.Select(o => $"{o.Cause}: {o.WhatHappened}"))}\n"
        + string.Join('\n', report.Detectors.Select(result => $"{result.Detector}: {result.Verdict} ({result.Reason}) {result.Sentence}"));
}
