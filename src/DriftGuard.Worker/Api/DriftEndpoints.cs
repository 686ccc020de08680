using DriftGuard.Core.Access;
using DriftGuard.Core.Drift;
using DriftGuard.State;
using DriftGuard.Worker.Drift;
using DriftGuard.Worker.Drift.Baselines;
using DriftGuard.Worker.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DriftGuard.Worker.Api;

/// <summary>Checks for drift: what was found, and new ones.</summary>
public static class DriftEndpoints
{
    /// <summary>Reports that are listed unless said.</summary>
    public const int UsualReports = 20;

    /// <summary>Reports that are listed at most.</summary>
    public const int MostReports = 10_000;

    /// <summary>Points that a check embeds again at most.</summary>
    public const int MostPoints = 1_000_000;

    internal static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/drift/reports", ListAsync).Named("ListDriftReports", "List drift reports, newest first").Requires(Right.View);
        api.MapGet("/drift/reports/{report}", ShowAsync).Named("GetDriftReport", "Show a drift report by its id, or the newest one of an index").Requires(Right.View);
        api.MapGet("/drift/verdicts", VerdictsAsync).Named("ListDriftVerdicts", "List what each detector answered when it last looked at each index").Requires(Right.View);
        api.MapGet("/indexes/{index}/drift/thresholds", ThresholdsAsync)
            .Named("ListDriftThresholds", "List from where on the figures of an index' detectors count, for those of which it is known").Requires(Right.View);
        api.MapGet("/indexes/{index}/drift/{detector}", HistoryAsync).Named("GetDriftHistory", "List what one detector found on an index over time, newest first").Requires(Right.View);
        api.MapPost("/indexes/{index}/drift/checks", CheckAsync)
            .Named("CheckDrift", "Check an index for drift now; answers with the report when it is made, which takes from seconds to minutes").Requires(Right.Operate).Acts();
        api.MapGet("/indexes/{index}/drift/baselines", BaselinesAsync).Named("ListBaselines", "List the baselines of an index, newest first").Requires(Right.View);
        api.MapPost("/indexes/{index}/drift/baselines", TakeBaselineAsync).Named("TakeBaseline", "Take a baseline of an index as it is now: what later checks compare with")
            .Requires(Right.Operate).Acts();
    }

    private static async Task<ApiResult<IReadOnlyList<DriftReportEntry>>> ListAsync(string? index, int? limit, DateTimeOffset? since, DriftService drift, CancellationToken cancellation) =>
        ApiResult.Of(await drift.HistoryAsync(index, Paging.Limit(limit, UsualReports, MostReports), since, cancellation));

    private static async Task<ApiResult<IReadOnlyList<LatestDriftVerdict>>> VerdictsAsync(string? index, DriftService drift, CancellationToken cancellation) =>
        ApiResult.Of(await drift.VerdictsAsync(index, cancellation));

    private static async Task<ApiResult<IReadOnlyList<DriftThreshold>>> ThresholdsAsync(string index, DriftService drift, CancellationToken cancellation) =>
        ApiResult.Of(await drift.ThresholdsAsync(index, cancellation));

    private static async Task<ApiResult<DriftReport>> ShowAsync(string report, DriftService drift, CancellationToken cancellation) =>
        ApiResult.Of(await drift.FindAsync(report, cancellation), DriftJson.Options);

    private static async Task<ApiResult<IReadOnlyList<DriftHistoryEntry>>> HistoryAsync(
        string index, string detector, int? limit, DateTimeOffset? since, DriftService drift, CancellationToken cancellation) =>
        ApiResult.Of<IReadOnlyList<DriftHistoryEntry>>(
            [.. (await drift.HistoryOfAsync(index, DetectorOf(detector), Paging.Limit(limit, UsualReports, MostReports), cancellation)).Where(entry => since is null || entry.At >= since)]);

    private static Detector DetectorOf(string word)
    {
        var words = Enum.GetValues<Detector>().ToDictionary(DriftJson.Word, StringComparer.Ordinal);
        return words.TryGetValue(word, out var detector) ? detector
            : throw new OperatorException(OperatorError.Invalid, $"there is no such detector; expected {string.Join(", ", words.Keys)}");
    }

    private static async Task<ApiResult<DriftReport>> CheckAsync(HttpContext context, string index, DriftCheckRequest? request, DriftService drift, CancellationToken cancellation)
    {
        var (detectors, sample, seed, reason) = request ?? new();
        if (sample is < 1 or > MostPoints)
        {
            throw new OperatorException(OperatorError.Invalid, FormattableString.Invariant($"sample is {sample}: expected a whole number from 1 to {MostPoints}"));
        }

        using var acting = context.Acting(reason);
        return ApiResult.Of(await drift.CheckAsync(index, detectors ?? [], sample, seed, DriftService.Requested, null, cancellation), DriftJson.Options);
    }

    private static async Task<ApiResult<BaselineView>> TakeBaselineAsync(HttpContext context, string index, ActionRequest? request, DriftService drift, CancellationToken cancellation)
    {
        using var acting = context.Acting(request?.Reason);
        return ApiResult.Of(BaselineView.Of(await drift.TakeBaselineAsync(index, cancellation)));
    }

    private static async Task<ApiResult<IReadOnlyList<ListedBaseline>>> BaselinesAsync(string index, DriftService drift, CancellationToken cancellation) =>
        ApiResult.Of(await drift.BaselinesAsync(index, cancellation));
}

/// <summary>A check that is asked for.</summary>
/// <param name="Detectors">The detectors to run; none for all. If one of them finds drift, the others run too.</param>
/// <param name="Sample">Points that are embedded again; as many as every night unless said.</param>
/// <param name="Seed">Seed of what is drawn; drawn itself unless said.</param>
/// <param name="Reason">Why, for the audit log.</param>
public sealed record DriftCheckRequest(IReadOnlyList<Detector>? Detectors = null, int? Sample = null, int? Seed = null, string? Reason = null);
