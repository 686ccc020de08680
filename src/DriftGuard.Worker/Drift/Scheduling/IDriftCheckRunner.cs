namespace DriftGuard.Worker.Drift.Scheduling;

/// <summary>Checks an index for drift and stores the report.</summary>
internal interface IDriftCheckRunner
{
    /// <summary>Does a check that a schedule asks for. It is never called for an index while a check of it runs.</summary>
    /// <param name="index">The index.</param>
    /// <param name="request">What is to be checked.</param>
    /// <param name="cancellation">Cancelled when the host stops, or the index is gone; the check ends soon then, without a report.</param>
    Task RunScheduledAsync(string index, DriftCheckRequest request, CancellationToken cancellation);
}

/// <summary>What a check is to check.</summary>
/// <param name="Detectors">The detectors, each once, in the order of <c>drift.schedules</c>.</param>
/// <param name="Sample">How many points are sampled; null where no detector takes a sample.</param>
/// <param name="Trigger">What asks for it.</param>
public sealed record DriftCheckRequest(IReadOnlyList<string> Detectors, int? Sample, string Trigger)
{
    /// <summary>The <see cref="Trigger"/> of a check whose time has come.</summary>
    public const string Scheduled = "schedule";

    /// <summary>The <see cref="Trigger"/> of a check whose time passed before the worker was there to do it.</summary>
    public const string CatchUp = "catch_up";
}
