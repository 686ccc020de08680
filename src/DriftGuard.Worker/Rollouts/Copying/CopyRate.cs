using System.Threading.RateLimiting;
using DriftGuard.Core.Rollouts;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>The limit on points a second that all partitions of a rollout share: a bucket that is filled up to ten times a second.</summary>
internal static class CopyRate
{
    private const int FillsASecond = 10;

    /// <summary>The limiter of a rollout; null where it has no limit.</summary>
    public static RateLimiter? Of(RolloutSettings settings)
    {
        if (settings.PointsPerSecond is not { } limit)
        {
            return null;
        }

        // Whole points, and as often as makes that many of them a second.
        var (points, period) = Fill(limit);
        return new TokenBucketRateLimiter(new()
        {
            // A batch must fit into the bucket.
            TokenLimit = Math.Max(settings.BatchSize, points),
            TokensPerPeriod = points,
            ReplenishmentPeriod = period,
            QueueLimit = int.MaxValue,
            AutoReplenishment = true,
        });
    }

    /// <summary>How many points a fill adds, and the time between two fills.</summary>
    internal static (int Points, TimeSpan Period) Fill(double pointsPerSecond)
    {
        var points = Math.Max(1, (int)Math.Ceiling(pointsPerSecond / FillsASecond));
        return (points, TimeSpan.FromSeconds(points / pointsPerSecond));
    }

    /// <summary>Waits until a batch may go on.</summary>
    public static async ValueTask WaitAsync(RateLimiter? limiter, int points, CancellationToken cancellation)
    {
        if (limiter is not null && points > 0)
        {
            using var _ = await limiter.AcquireAsync(points, cancellation);
        }
    }
}
