using DriftGuard.Core.Access;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DriftGuard.Worker.Api;

/// <summary>Calibration sets, and what was scored with them.</summary>
public static class EvaluationEndpoints
{
    /// <summary>Evaluations that are listed unless said.</summary>
    public const int UsualEvaluations = 20;

    /// <summary>Evaluations that are listed at most.</summary>
    public const int MostEvaluations = 10_000;

    internal static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/calibration-sets", Sets).Named("ListCalibrationSets", "List the calibration sets that can be named").Requires(Right.View);
        api.MapGet("/calibration-sets/{set}", Set).Named("GetCalibrationSet", "Show a calibration set: its size, slices and warnings").Requires(Right.View);
        api.MapGet("/evaluations", ListAsync).Named("ListEvaluations", "List evaluations, newest first: preflights, gates, soaks, scores and comparisons").Requires(Right.View);
        api.MapGet("/evaluations/{evaluation}", ShowAsync).Named("GetEvaluation", "Show an evaluation by its id, or the newest one of an index or a rollout").Requires(Right.View);
        api.MapGet("/indexes/{index}/evaluations/figures", FiguresAsync)
            .Named("ListEvaluationFigures", "List what evaluations of whole collections of an index scored over time, newest first").Requires(Right.View);
        api.MapPost("/indexes/{index}/evaluations", ScoreAsync)
            .Named("Evaluate", "Score a calibration set against an index now, as users search and exactly; answers with the report").Requires(Right.Operate).Acts();
    }

    private static ApiResult<IReadOnlyList<CalibrationSetView>> Sets(CalibrationSets sets) => ApiResult.Of<IReadOnlyList<CalibrationSetView>>([.. sets.Names().Select(name => CalibrationSetView.Of(sets, name))]);

    private static ApiResult<CalibrationSetView> Set(string set, CalibrationSets sets)
    {
        // By name alone: a path would tell its caller which folders there are.
        return sets.Names().Contains(set, StringComparer.Ordinal)
            ? ApiResult.Of(CalibrationSetView.Of(sets, set))
            : throw new OperatorException(OperatorError.NotFound, "there is no calibration set of this name; GET /api/v1/calibration-sets lists them");
    }

    private static async Task<ApiResult<IReadOnlyList<EvaluationEntry>>> ListAsync(string? index, int? limit, EvaluationService evaluations, CancellationToken cancellation) =>
        ApiResult.Of(await evaluations.ListAsync(index, Paging.Limit(limit, UsualEvaluations, MostEvaluations), cancellation));

    private static async Task<ApiResult<IReadOnlyList<EvaluationFiguresView>>> FiguresAsync(string index, int? limit, EvaluationHistory history, CancellationToken cancellation) =>
        ApiResult.Of(await history.ReadAsync(index, Paging.Limit(limit, UsualEvaluations, EvaluationHistory.MostRead), cancellation));

    private static async Task<ApiResult<EvaluationReport>> ShowAsync(string evaluation, EvaluationService evaluations, CancellationToken cancellation) =>
        ApiResult.Of(await evaluations.GetAsync(evaluation, cancellation), EvaluationJson.Options);

    private static async Task<ApiResult<EvaluationReport>> ScoreAsync(
        HttpContext context, string index, ScoreRequest? request, EvaluationService evaluations, CancellationToken cancellation)
    {
        using var acting = context.Acting(request?.Reason);
        return ApiResult.Of(await evaluations.ScoreAsync(index, CalibrationSets.RequireName(request?.CalibrationSet), cancellation), EvaluationJson.Options);
    }
}

/// <summary>A score that is asked for.</summary>
/// <param name="CalibrationSet">The set, by name; the index' own unless said.</param>
/// <param name="Reason">Why, for the audit log.</param>
public sealed record ScoreRequest(string? CalibrationSet = null, string? Reason = null);
