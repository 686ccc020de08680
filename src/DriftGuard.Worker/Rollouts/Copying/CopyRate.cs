using System.Threading.RateLimiting;
using DriftGuard.Core.Rollouts;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>The limit on points a second that all partitions of a rollout share: a bucket that is filled ten times a second.</summary>
internal static class CopyRate
{
    private const int FillsASecond = 10;

    /// <summary>The limiter of a rollout; null where it has no limit.</summary>
    public static RateLimiter? Of(RolloutSettings settings) => settings.PointsPerSecond is not { } limit ? null : new TokenBucketRateLimiter(new()
    {
        // A batch must fit into the bucket.
        TokenLimit = Math.Max(settings.BatchSize, (int)Math.Ceiling(limit / FillsASecond)),
        TokensPerPeriod = Math.Max(1, (int)Math.Round(limit / FillsASecond)),
        ReplenishmentPeriod = limit >= FillsASecond ? TimeSpan.FromSeconds(1.0 / FillsASecond) : TimeSpan.FromSeconds(1 / limit),
        QueueLimit = int.MaxValue,
        AutoReplenishment = true,
    });

    /// <summary>Waits until a batch may go on.</summary>
    public static async ValueTask WaitAsync(RateLimiter? limiter, int points, CancellationToken cancellation)
    {
        if (limiter is not null && points > 0)
        {
            using var _ = await limiter.AcquireAsync(points, cancellation);
        }
    }
}
