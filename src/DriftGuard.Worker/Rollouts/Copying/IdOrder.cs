using System.Runtime.CompilerServices;
using DriftGuard.Worker.Points;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>Two sides that are walked together.</summary>
internal static class IdOrder
{
    /// <summary>What both sides hold under each id that one of them holds, both being in id order; null where a side has nothing.</summary>
    public static async IAsyncEnumerable<(SourcePoint? Left, SourcePoint? Right)> MergeAsync(
        IAsyncEnumerable<SourcePoint> leftPoints, IAsyncEnumerable<SourcePoint> rightPoints, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var left = leftPoints.GetAsyncEnumerator(cancellation);
        await using var right = rightPoints.GetAsyncEnumerator(cancellation);
        var (hasLeft, hasRight) = (await left.MoveNextAsync(), await right.MoveNextAsync());
        while (hasLeft || hasRight)
        {
            var order = !hasLeft ? 1 : !hasRight ? -1 : left.Current.Id.CompareTo(right.Current.Id);
            yield return (order <= 0 ? left.Current : null, order >= 0 ? right.Current : null);
            hasLeft = order <= 0 ? await left.MoveNextAsync() : hasLeft;
            hasRight = order >= 0 ? await right.MoveNextAsync() : hasRight;
        }
    }
}
