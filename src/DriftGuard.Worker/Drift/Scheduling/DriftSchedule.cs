using DriftGuard.Worker.Configuration;

namespace DriftGuard.Worker.Drift.Scheduling;

/// <summary>When a detector runs on an index.</summary>
/// <param name="Name">The schedule's name, its key in the configuration; a detector may have several.</param>
/// <param name="Detector">The detector.</param>
/// <param name="Cron">A valid Quartz cron expression.</param>
/// <param name="Sample">How many points the detector takes; null where it takes no sample.</param>
public sealed record DriftSchedule(string Name, string Detector, string Cron, int? Sample)
{
    private const string Off = "off";

    /// <summary>Whether a cron expression of the configuration means never.</summary>
    public static bool IsOff(string cron) => cron.Trim() is "" or Off;

    /// <summary>The schedules of an index.</summary>
    /// <param name="options">What holds for every index.</param>
    /// <param name="index">What the index has of its own; null where it is not declared.</param>
    /// <returns>Those that are not off, in the order of the configuration; none where checks are not enabled.</returns>
    public static IReadOnlyList<DriftSchedule> For(DriftOptions options, IndexOptions? index)
    {
        var (common, own) = (options.Schedules, index?.Drift);
        DriftSchedule[] all =
        [
            new("model", "model", own?.Model?.Cron ?? common.Model.Cron, null),
            new("schema", "schema", own?.Schema?.Cron ?? common.Schema.Cron, null),
            new("index", "index", own?.Index?.Cron ?? common.Index.Cron, own?.Index?.Sample ?? common.Index.Sample),
            new("indexDeep", "index", own?.IndexDeep?.Cron ?? common.IndexDeep.Cron, own?.IndexDeep?.Sample ?? common.IndexDeep.Sample),
            new("quality", "quality", own?.Quality?.Cron ?? common.Quality.Cron, null),
            new("data", "data", own?.Data?.Cron ?? common.Data.Cron, null),
        ];
        return options.Enabled ? [.. all.Where(s => !IsOff(s.Cron))] : [];
    }
}
