using DriftGuard.Core.Access;
using DriftGuard.Core.Rollouts;
using DriftGuard.State;
using DriftGuard.Worker.Rollouts;
using DriftGuard.Worker.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace DriftGuard.Worker.Api;

/// <summary>Rollouts: how far they are, and why. Each by its id, or the latest one of an index by the index' name.</summary>
internal static class RolloutEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/rollouts", ListAsync).Named("ListRollouts", "List rollouts, of an index or of all, oldest first").Requires(Right.View);
        api.MapGet("/rollouts/{rollout}", ShowAsync).Named("GetRollout", "Show a rollout: its facts, how far it is, within which limits, and its gate").Requires(Right.View);
        api.MapGet("/rollouts/{rollout}/partitions", PartitionsAsync).Named("ListPartitions", "List the partitions of a rollout, in id order").Requires(Right.View);
        api.MapGet("/rollouts/{rollout}/parked", ParkedAsync).Named("ListParked", "List the texts of a rollout that could not be embedded, with their reasons").Requires(Right.View);
        api.MapGet("/rollouts/{rollout}/events", RolloutEvents.ServeAsync)
            .Named("FollowRollout", "Follow a rollout: a server-sent event with the whole of it whenever something has changed").Requires(Right.View);
    }

    private static async Task<ApiResult<IReadOnlyList<Rollout>>> ListAsync(string? index, StateStore state, CancellationToken cancellation) =>
        ApiResult.Of(await state.ListRolloutsAsync(index, cancellation));

    private static async Task<ApiResult<RolloutView>> ShowAsync(string rollout, RolloutViews rollouts, CancellationToken cancellation) =>
        ApiResult.Of(await rollouts.ReadAsync(rollout, cancellation));

    private static async Task<ApiResult<IReadOnlyList<PartitionView>>> PartitionsAsync(string rollout, RolloutViews rollouts, CancellationToken cancellation) =>
        ApiResult.Of(await rollouts.PartitionsAsync(rollout, cancellation));

    private static async Task<ApiResult<ParkedView>> ParkedAsync(string rollout, RolloutViews rollouts, CancellationToken cancellation) =>
        ApiResult.Of(await rollouts.ParkedAsync(rollout, cancellation));
}
