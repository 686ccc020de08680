using DriftGuard.Core.Access;
using DriftGuard.Core.Retrieval.Bridges;
using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DriftGuard.Worker.Api;

/// <summary>Bridges, by which queries of a new model search a collection whose own model is gone.</summary>
public static class BridgeEndpoints
{
    /// <summary>Documents at most: ten times what is wanted gains nothing that was measured, and costs ten times as much.</summary>
    public const int MostPairs = 10 * BridgeRule.WantedPairs;

    internal static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/indexes/{index}/bridges", ListAsync).Named("ListBridges", "List the bridges of an index, newest first").Requires(Right.View);
        api.MapPost("/indexes/{index}/bridges", FitAsync).Named("FitBridge", "Fit a bridge, and put it into use if labelled queries lose little by it").Requires(Right.Operate).Acts();
        api.MapDelete("/indexes/{index}/bridges/current", EndAsync).Named("EndBridge", "End the bridge of an index at once").Requires(Right.Operate).Acts();
    }

    private static async Task<ApiResult<IReadOnlyList<BridgeState>>> ListAsync(string index, BridgeService bridges, CancellationToken cancellation) =>
        ApiResult.Of(await bridges.ListAsync(index, cancellation), EvaluationJson.Options);

    private static async Task<ApiResult<BridgeState>> FitAsync(
        HttpContext context, string index, FitRequest request, BridgeService bridges, CancellationToken cancellation)
    {
        if (request.Pairs is < BridgeRule.LeastPairs or > MostPairs)
        {
            throw new OperatorException(OperatorError.Invalid, FormattableString.Invariant($"pairs is {request.Pairs}: expected a whole number from {BridgeRule.LeastPairs} to {MostPairs}"));
        }

        using var acting = context.Acting(request.Reason);
        var asked = new BridgeRequest(index, request.Model) { CalibrationSet = CalibrationSets.RequireName(request.CalibrationSet) };
        var report = await bridges.FitAsync(asked with { Pairs = request.Pairs ?? asked.Pairs, Seed = request.Seed ?? asked.Seed }, null, cancellation);
        return ApiResult.Of(BridgeState.Fitted(report), EvaluationJson.Options);
    }

    private static async Task<ApiResult<BridgeState>> EndAsync(HttpContext context, string index, string? reason, BridgeService bridges, TimeProvider time, CancellationToken cancellation)
    {
        using var acting = context.Acting(reason);
        return ApiResult.Of(new BridgeState(await bridges.EndAsync(index, cancellation), false, time.GetUtcNow()), EvaluationJson.Options);
    }
}

/// <summary>A bridge that is asked for.</summary>
/// <param name="Model">The new model, whose queries are to search the old vectors.</param>
/// <param name="CalibrationSet">The labelled queries that choose and decide, by name; the index' own unless said.</param>
/// <param name="Pairs">Documents that are drawn and embedded to fit on.</param>
/// <param name="Seed">Seed of the documents and of the halves of the queries.</param>
/// <param name="Reason">Why, for the audit log.</param>
public sealed record FitRequest(string Model, string? CalibrationSet = null, int? Pairs = null, int? Seed = null, string? Reason = null);
