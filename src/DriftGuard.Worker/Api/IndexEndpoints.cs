using DriftGuard.Core.Access;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace DriftGuard.Worker.Api;

/// <summary>Indexes: what serves them.</summary>
internal static class IndexEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/indexes", ListAsync).Named("ListIndexes", "List the indexes and what serves them").Requires(Right.View);
        api.MapGet("/indexes/{index}", ShowAsync).Named("GetIndex", "Show an index: collection, model, fingerprint, epoch, points").Requires(Right.View);
    }

    private static async Task<ApiResult<IReadOnlyList<IndexView>>> ListAsync(IndexService indexes, CancellationToken cancellation) =>
        ApiResult.Of(await indexes.ViewsAsync(cancellation));

    private static async Task<ApiResult<IndexView>> ShowAsync(string index, IndexService indexes, CancellationToken cancellation) =>
        ApiResult.Of(await indexes.ViewAsync(index, cancellation));
}
