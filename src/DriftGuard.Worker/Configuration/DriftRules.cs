using DriftGuard.Worker.Drift.Scheduling;
using Quartz;

namespace DriftGuard.Worker.Configuration;

/// <summary>What values of <c>drift</c> must be beyond their bounds.</summary>
internal static class DriftRules
{
    private const string Example = "0 30 2 * * ?";

    public static IEnumerable<ConfigurationProblem> Check(DriftGuardOptions options) =>
    [
        .. TimeZone(options.Drift),
        .. Days(options.Drift),
        .. Crons(options),
    ];

    private static IEnumerable<ConfigurationProblem> TimeZone(DriftOptions drift)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(drift.TimeZone, out _))
        {
            yield return new($"expected a time zone such as UTC or Europe/Berlin, found '{drift.TimeZone}'", "drift.timeZone");
        }
    }

    private static IEnumerable<ConfigurationProblem> Days(DriftOptions drift)
    {
        var needed = DriftQueriesOptions.PastDays + 1;
        if (!drift.Queries.Independent && drift.Queries.Days < needed && !DriftSchedule.IsOff(drift.Schedules.Data.Cron))
        {
            yield return new(
                $"a day is judged against {DriftQueriesOptions.PastDays} past ones: keep at least {needed}, or set drift.queries.independent if queries are, or drift.schedules.data.cron to off",
                "drift.queries.days");
        }
    }

    private static IEnumerable<ConfigurationProblem> Crons(DriftGuardOptions options)
    {
        var common = options.Drift.Schedules;
        IEnumerable<(string Key, string? Cron)> crons =
        [
            .. Of("drift.schedules", common.Model.Cron, common.Schema.Cron, common.Index.Cron, common.IndexDeep.Cron, common.Quality.Cron, common.Data.Cron),
            .. options.Indexes.SelectMany((index, i) => index.Drift is not { } own ? [] : Of(
                $"indexes[{i}].drift", own.Model?.Cron, own.Schema?.Cron, own.Index?.Cron, own.IndexDeep?.Cron, own.Quality?.Cron, own.Data?.Cron)),
        ];
        return crons.Where(c => c.Cron is not null && !DriftSchedule.IsOff(c.Cron)).SelectMany(c => Cron(c.Key, c.Cron!));
    }

    private static IEnumerable<(string Key, string? Cron)> Of(
        string path, string? model, string? schema, string? index, string? indexDeep, string? quality, string? data) =>
    [
        ($"{path}.model.cron", model),
        ($"{path}.schema.cron", schema),
        ($"{path}.index.cron", index),
        ($"{path}.indexDeep.cron", indexDeep),
        ($"{path}.quality.cron", quality),
        ($"{path}.data.cron", data),
    ];

    private static IEnumerable<ConfigurationProblem> Cron(string key, string cron)
    {
        string reason;
        try
        {
            // From a time of its own, so that what is valid today is valid tomorrow: a year that has passed only never comes again.
            if (CronExpression.Parse(cron).GetNextValidTimeAfter(DateTimeOffset.UnixEpoch) is not null)
            {
                yield break;
            }

            reason = "there is no such day";
        }
        catch (FormatException error)
        {
            reason = error.Message;
        }
        catch (ArgumentOutOfRangeException)
        {
            // What Quartz 4.7.3 throws while it looks for some days that no month has.
            reason = "there is no such day";
        }

        yield return new($"expected a cron expression (second minute hour day month weekday) such as '{Example}', or 'off', found '{cron}': {reason}", key);
    }
}
