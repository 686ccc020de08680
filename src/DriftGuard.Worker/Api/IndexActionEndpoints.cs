using DriftGuard.Core.Access;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DriftGuard.Worker.Api;

/// <summary>Indexes: made, put under DriftGuard, judged by another set, and forgotten.</summary>
internal static class IndexActionEndpoints
{
    private const string Keep = "keep";
    private const string Delete = "delete";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/indexes", CreateAsync).Named("CreateIndex", "Create an index under an embedding model, or put an existing collection under DriftGuard")
            .Requires(Right.Administer).Acts();
        api.MapPost("/indexes/{index}/calibration-set", SetAsync).Named("SetCalibrationSet", "Say which calibration set decides rollouts of an index from now on")
            .Requires(Right.Operate).Acts();
        api.MapDelete("/indexes/{index}", RemoveAsync).Named("DeleteIndex", "Forget an index; its collections are kept, and go on being searched, unless it is said that they are deleted as well")
            .Requires(Right.Administer).Acts();
    }

    private static async Task<ApiResult<IndexView>> CreateAsync(
        HttpContext context, CreateIndexRequest request, IndexService indexes, CalibrationSets sets, DriftGuardOptions options, CancellationToken cancellation)
    {
        using var acting = context.Acting(request.Reason);
        var declared = options.Indexes.FirstOrDefault(index => index.Name == request.Name) ?? new IndexOptions { Name = request.Name };
        var model = request.Model ?? declared.Model ?? throw new OperatorException(OperatorError.Invalid, $"model: which one makes the vectors of '{request.Name}'?");
        var set = sets.RecordedOnceRead(CalibrationSets.RequireName(request.CalibrationSet) ?? declared.CalibrationSet);
        var definition = declared.ToDefinition();
        definition = definition with
        {
            CalibrationSet = set,
            TextField = request.TextField ?? definition.TextField,
            Template = request.Template ?? (request.TextField is null ? definition.Template : null),
            Vector = request.Vector ?? definition.Vector,
        };
        return ApiResult.Of(await indexes.MakeAsync(definition, model, request.Collection, cancellation));
    }

    private static async Task<ApiResult<IndexView>> SetAsync(
        HttpContext context, string index, CalibrationSetRequest request, IndexService indexes, CalibrationSets sets, CancellationToken cancellation)
    {
        using var acting = context.Acting(request.Reason);
        await indexes.SetCalibrationSetAsync(index, sets.RecordedOnceRead(CalibrationSets.RequireName(request.CalibrationSet)), cancellation);
        return ApiResult.Of(await indexes.ViewAsync(index, cancellation));
    }

    private static async Task<ApiResult<ForgottenIndex>> RemoveAsync(
        HttpContext context, string index, string? collections, string? reason, IndexRemover indexes, CancellationToken cancellation)
    {
        if (collections is not (null or Keep or Delete))
        {
            throw new OperatorException(OperatorError.Invalid, $"collections is '{collections}': expected {Keep} or {Delete}");
        }

        using var acting = context.Acting(reason);
        return ApiResult.Of(await indexes.ForgetAsync(index, collections is Delete, cancellation));
    }
}

/// <summary>An index that is asked for. What is not said is as the configuration declares it for an index of this name.</summary>
/// <param name="Name">The index: the alias that applications search.</param>
/// <param name="Model">The embedding model, by name.</param>
/// <param name="Collection">An existing collection to put under DriftGuard instead of a new one.</param>
/// <param name="TextField">The payload key of the text that is embedded.</param>
/// <param name="Template">Several keys joined to the text that is embedded.</param>
/// <param name="Vector">The named vector that the model makes; all others are kept as they are.</param>
/// <param name="CalibrationSet">The set that decides rollouts, by name.</param>
/// <param name="Reason">Why, for the audit log.</param>
public sealed record CreateIndexRequest(
    string Name, string? Model = null, string? Collection = null, string? TextField = null, string? Template = null, string? Vector = null, string? CalibrationSet = null,
    string? Reason = null);

/// <summary>Another calibration set that is asked for.</summary>
/// <param name="CalibrationSet">The set, by name; null for none.</param>
/// <param name="Reason">Why, for the audit log.</param>
public sealed record CalibrationSetRequest(string? CalibrationSet, string? Reason = null);
