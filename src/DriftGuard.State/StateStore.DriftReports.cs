using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

public sealed partial class StateStore
{
    private const string CleanVerdict = "none";
    private static readonly string[] AuditedVerdicts = ["suspected", "confirmed", "failed"];

    /// <summary>
    /// Stores a report with the verdict of each of its detectors. One that says suspected, confirmed or failed is an event of the audit
    /// log as well, together with the report or not at all.
    /// </summary>
    /// <exception cref="StateException">There is one with its id.</exception>
    public Task AddDriftReportAsync(StoredDriftReport report, CancellationToken cancellation) => RunAsync(async context =>
    {
        var detectors = string.Join(',', report.Verdicts.Select(v => v.Detector));
        context.DriftReports.Add(new()
        {
            Id = report.Id,
            Index = report.Index,
            At = report.At,
            Trigger = report.Trigger,
            Detectors = detectors,
            Verdict = report.Verdict,
            Cause = report.Cause,
            Json = report.Json,
        });
        context.DriftVerdicts.AddRange(report.Verdicts.Select(v => new Rows.DriftVerdictRow
        {
            ReportId = report.Id,
            Index = report.Index,
            Detector = v.Detector,
            Verdict = v.Verdict,
            At = report.At,
            Statistic = Number(v.Statistic),
            P = Number(v.P),
            Effect = Number(v.Effect),
        }));
        if (AuditedVerdicts.Contains(report.Verdict, StringComparer.Ordinal))
        {
            Append(context, report.At, report.Index, null, "drift_checked", report.Cause, $"drift {report.Verdict} by {detectors} ({report.Trigger}), report {report.Id}");
        }

        return await context.SaveChangesAsync(cancellation);
    }, cancellation);

    /// <summary>A report by its id; null if there is none.</summary>
    public Task<StoredDriftReport?> FindDriftReportAsync(string id, CancellationToken cancellation) =>
        RunAsync(context => ReadReportAsync(context, id, cancellation), cancellation);

    /// <summary>The newest report of an index, whatever it checked; null if there is none.</summary>
    public Task<StoredDriftReport?> LatestDriftReportAsync(string index, CancellationToken cancellation) => RunAsync(async context =>
        await ReadReportAsync(
            context,
            await context.DriftReports.Where(r => r.Index == index).OrderByDescending(r => r.At).ThenByDescending(r => r.Id)
                .Select(r => r.Id).FirstOrDefaultAsync(cancellation),
            cancellation), cancellation);

    /// <summary>Reports of an index, or of all, newest first.</summary>
    /// <param name="index">The index; null for all.</param>
    /// <param name="limit">The most that are read.</param>
    /// <param name="since">The earliest time, inclusive; null for no bound.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task<IReadOnlyList<DriftReportEntry>> ListDriftReportsAsync(
        string? index, int limit, DateTimeOffset? since, CancellationToken cancellation) => RunAsync<IReadOnlyList<DriftReportEntry>>(async context =>
    {
        var reports = context.DriftReports.AsNoTracking().Where(r => index == null || r.Index == index);
        var rows = await (since is { } from ? reports.Where(r => r.At >= from) : reports)
            .OrderByDescending(r => r.At).ThenByDescending(r => r.Id).Take(limit)
            .Select(r => new { r.Id, r.Index, r.At, r.Trigger, r.Detectors, r.Verdict, r.Cause })
            .ToListAsync(cancellation);
        return rows.ConvertAll(r => new DriftReportEntry(
            r.Id, r.Index, r.At, r.Trigger, r.Detectors.Split(',', StringSplitOptions.RemoveEmptyEntries), r.Verdict, r.Cause));
    }, cancellation);

    /// <summary>The JSON of the newest reports of an index that a detector took part in, newest first.</summary>
    public Task<IReadOnlyList<string>> DriftReportJsonAsync(string index, string detector, int limit, CancellationToken cancellation) =>
        RunAsync<IReadOnlyList<string>>(async context => await context.DriftVerdicts.AsNoTracking()
            .Where(v => v.Index == index && v.Detector == detector)
            .OrderByDescending(v => v.At).ThenByDescending(v => v.ReportId).Take(limit)
            .Join(context.DriftReports, v => v.ReportId, r => r.Id, (v, r) => new { r.Id, r.At, r.Json })
            .OrderByDescending(r => r.At).ThenByDescending(r => r.Id)
            .Select(r => r.Json)
            .ToListAsync(cancellation), cancellation);

    /// <summary>What a detector found in an index, newest first.</summary>
    public Task<IReadOnlyList<DriftHistoryEntry>> DriftHistoryAsync(string index, string detector, int limit, CancellationToken cancellation) =>
        RunAsync<IReadOnlyList<DriftHistoryEntry>>(async context => await context.DriftVerdicts.AsNoTracking()
            .Where(v => v.Index == index && v.Detector == detector)
            .OrderByDescending(v => v.At).ThenByDescending(v => v.ReportId).Take(limit)
            .Select(v => new DriftHistoryEntry(v.ReportId, v.At, new(v.Detector, v.Verdict, v.Statistic, v.P, v.Effect)))
            .ToListAsync(cancellation), cancellation);

    /// <summary>What each detector answered when it last looked at each index.</summary>
    public Task<IReadOnlyList<LatestDriftVerdict>> LatestDriftVerdictsAsync(CancellationToken cancellation) => RunAsync<IReadOnlyList<LatestDriftVerdict>>(async context =>
    {
        // The time of the latest first, which the index of the table knows: it is asked for every few seconds, and there are very many verdicts.
        var latest = await context.DriftVerdicts.AsNoTracking().GroupBy(v => new { v.Index, v.Detector }).Select(g => new { g.Key.Index, g.Key.Detector, At = g.Max(v => v.At) })
            .Join(context.DriftVerdicts, g => new { g.Index, g.Detector, g.At }, v => new { v.Index, v.Detector, v.At }, (_, v) => v).ToListAsync(cancellation);
        var verdicts = latest.GroupBy(v => (v.Index, v.Detector)).Select(g => g.MaxBy(v => v.ReportId, StringComparer.Ordinal)!).ToList();
        var newest = verdicts.GroupBy(v => v.Index, StringComparer.Ordinal).Select(g => g.MaxBy(v => (v.At, v.ReportId))!.ReportId).ToList();
        var causes = await context.DriftReports.AsNoTracking().Where(r => newest.Contains(r.Id)).ToDictionaryAsync(r => r.Id, r => r.Cause, StringComparer.Ordinal, cancellation);
        return verdicts.ConvertAll(v => new LatestDriftVerdict(v.Index, v.Detector, v.Verdict, v.At, v.ReportId, causes.GetValueOrDefault(v.ReportId)));
    }, cancellation);

    /// <summary>When each detector last reported on an index, whatever it found. A detector that never did is missing.</summary>
    public Task<IReadOnlyDictionary<string, DateTimeOffset>> LastDriftChecksAsync(string index, CancellationToken cancellation) =>
        LastAsync(verdicts => verdicts.Where(v => v.Index == index), cancellation);

    /// <summary>When each detector's verdict on an index was last <c>none</c>. A detector whose verdict never was is missing.</summary>
    public Task<IReadOnlyDictionary<string, DateTimeOffset>> LastGoodDriftChecksAsync(string index, CancellationToken cancellation) =>
        LastAsync(verdicts => verdicts.Where(v => v.Index == index && v.Verdict == CleanVerdict), cancellation);

    /// <summary>Deletes old reports, but of each index never the newest, nor the last in which each detector's verdict was <c>none</c>.</summary>
    /// <param name="before">What is older goes.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>How many were deleted.</returns>
    public Task<int> PruneDriftReportsAsync(DateTimeOffset before, CancellationToken cancellation) => TransactAsync(async context =>
    {
        var deleted = await context.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM "DriftReports" WHERE "At" < {before.UtcTicks}
            AND "Id" NOT IN (
                SELECT "Id" FROM (SELECT "Id", ROW_NUMBER() OVER (PARTITION BY "Index" ORDER BY "At" DESC, "Id" DESC) AS place FROM "DriftReports") AS newest
                WHERE place = 1)
            AND "Id" NOT IN (
                SELECT "ReportId" FROM (
                    SELECT "ReportId", ROW_NUMBER() OVER (PARTITION BY "Index", "Detector" ORDER BY "At" DESC, "ReportId" DESC) AS place
                    FROM "DriftVerdicts" WHERE "Verdict" = {CleanVerdict}) AS good
                WHERE place = 1)
            """,
            cancellation);
        await context.DriftVerdicts.Where(v => !context.DriftReports.Any(r => r.Id == v.ReportId)).ExecuteDeleteAsync(cancellation);
        return deleted;
    }, cancellation);

    private Task<IReadOnlyDictionary<string, DateTimeOffset>> LastAsync(Func<IQueryable<Rows.DriftVerdictRow>, IQueryable<Rows.DriftVerdictRow>> which, CancellationToken cancellation) =>
        RunAsync<IReadOnlyDictionary<string, DateTimeOffset>>(async context => await which(context.DriftVerdicts.AsNoTracking()).GroupBy(v => v.Detector)
            .Select(g => new { Detector = g.Key, At = g.Max(v => v.At) })
            .ToDictionaryAsync(g => g.Detector, g => g.At, StringComparer.Ordinal, cancellation), cancellation);

    private static async Task<StoredDriftReport?> ReadReportAsync(StateContext context, string? id, CancellationToken cancellation)
    {
        // One statement, so that a report is never read without its verdicts while another process prunes it.
        var row = await context.DriftReports.AsNoTracking().Where(r => r.Id == id)
            .Select(r => new
            {
                Report = r,
                Verdicts = context.DriftVerdicts.Where(v => v.ReportId == r.Id)
                    .Select(v => new StoredDriftVerdict(v.Detector, v.Verdict, v.Statistic, v.P, v.Effect)).ToList(),
            })
            .AsSingleQuery().SingleOrDefaultAsync(cancellation);
        if (row is null)
        {
            return null;
        }

        var order = row.Report.Detectors.Split(',');
        return new(row.Report.Id, row.Report.Index, row.Report.At, row.Report.Trigger, row.Report.Verdict, row.Report.Cause, row.Report.Json,
            [.. row.Verdicts.OrderBy(v => Array.IndexOf(order, v.Detector))]);
    }

    // SQLite has no NaN, and both databases are to hold the same.
    private static double? Number(double? value) => value is { } number && double.IsNaN(number) ? null : value;
}
