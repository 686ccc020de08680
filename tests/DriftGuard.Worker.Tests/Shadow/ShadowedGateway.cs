using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Shadow;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Shadow;
using DriftGuard.Worker.Tests.Gateway;
using DriftGuard.Worker.Tests.Rollouts;
using Microsoft.Extensions.DependencyInjection;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Shadow;

/// <summary>A gateway in front of a rollout that waits for an approval.</summary>
internal static class ShadowedGateway
{
    public const string Search = "/v1/indexes/docs/search";
    public const long Seed = 11;

    /// <summary>A rollout that waits for an approval.</summary>
    public static async Task<Rollout> WaitingAsync(RolloutWorld world)
    {
        var rollout = await world.RunAsync(await world.StartAsync(Quick with { RequireApproval = true }), decision => decision.Phase == RolloutPhase.AwaitingApproval);
        rollout.Phase.ShouldBe(RolloutPhase.AwaitingApproval, rollout.Message);
        return rollout;
    }

    /// <summary>A gateway that knows of the rollout, and whose models are warm.</summary>
    public static async Task<GatewayHost> StartAsync(RolloutWorld world, ShadowOptions options)
    {
        var warm = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        world.New.Asked = _ => warm.TrySetResult();
        var gateway = await GatewayHost.StartAsync(world, new() { Shadow = options }, services => services.AddSingleton(new ShadowSample(options.Share, Seed)));
        await warm.Task.WaitAsync(Cancellation);
        world.New.Asked = null;
        await WorkerOf(gateway).FollowAsync(Cancellation);
        return gateway;
    }

    public static ShadowWorker WorkerOf(GatewayHost gateway) => gateway.Services.GetRequiredService<ShadowWorker>();

    /// <summary>What was counted, once it is enough.</summary>
    public static async Task<ShadowFigures> CountedAsync(RolloutWorld world, Rollout rollout, Func<ShadowFigures, bool> enough, params GatewayHost[] gateways)
    {
        while (true)
        {
            foreach (var gateway in gateways)
            {
                await WorkerOf(gateway).WriteAsync(Cancellation);
            }

            if (await world.State.ShadowTotalsAsync(rollout.Id, Cancellation) is { } totals && enough(totals.Figures))
            {
                return totals.Figures;
            }

            await Task.Delay(2, Cancellation);
        }
    }
}
