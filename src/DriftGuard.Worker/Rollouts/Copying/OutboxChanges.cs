using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using DriftGuard.Core.Rollouts;
using DriftGuard.State;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>
/// What the outbox says was written through DriftGuard, for one pass: marks whose writes were done when it began. A mark is cleared once its
/// point was compared and found to be the same on both sides.
/// </summary>
/// <param name="state">Where the outbox is.</param>
/// <param name="index">The index.</param>
/// <param name="until">The latest sequence whose write was done, and all before it.</param>
internal sealed class OutboxChanges(StateStore state, string index, long until)
{
    private const int AtATime = 1_000;

    // Of more than these nobody wants to know the ids: all marks stay, and the next pass compares everything again.
    private const int MostDiffering = 100_000;

    private readonly ConcurrentDictionary<PointId, bool> _differing = new();
    private long _unknown;

    /// <summary>The marks as they stand before a pass begins.</summary>
    public static async Task<OutboxChanges> BeginAsync(StateStore state, string index, CancellationToken cancellation) =>
        new(state, index, await state.DoneUpToAsync(index, cancellation));

    /// <summary>Takes in a point that a comparison in full met.</summary>
    public void Add(Compared compared)
    {
        if (compared.Difference == PointDifference.None)
        {
            return;
        }

        // Whether a point without a stamp differs is known later, so nothing is claimed of it.
        if (compared.Difference == PointDifference.Unstamped || _differing.Count >= MostDiffering)
        {
            Interlocked.Increment(ref _unknown);
        }
        else
        {
            _differing[compared.Id] = true;
        }
    }

    /// <summary>How many of the points that differed are not in the outbox.</summary>
    /// <param name="known">Points that differ for another reason: their texts cannot be embedded.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<long> UntoldAsync(IReadOnlySet<string> known, CancellationToken cancellation)
    {
        var untold = _unknown;
        foreach (var some in _differing.Keys.Select(id => id.ToString()).Where(id => !known.Contains(id)).Chunk(AtATime))
        {
            untold += some.Length - (await state.DirtyAmongAsync(index, some, cancellation)).Count;
        }

        return untold;
    }

    /// <summary>After a comparison in full: what did not differ is the same on both sides. What did is to be compared once more.</summary>
    public async Task ClearSameAsync(CancellationToken cancellation)
    {
        if (_unknown > 0)
        {
            return;
        }

        await foreach (var page in PagesAsync(cancellation))
        {
            await state.ClearDirtyAsync(index, [.. page.Where(dirty => !_differing.ContainsKey(PointId.Parse(dirty.PointId)))], cancellation);
        }
    }

    /// <summary>Compares the marked points alone.</summary>
    /// <param name="compare">Compares some of them and hands out what differs.</param>
    /// <param name="seen">Told how many were compared.</param>
    /// <param name="cancellation">Cancels.</param>
    public async IAsyncEnumerable<Compared> CompareAsync(
        Func<IReadOnlyList<PointId>, IAsyncEnumerable<Compared>> compare, Action<int> seen, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in PagesAsync(cancellation))
        {
            var same = page.ToDictionary(dirty => PointId.Parse(dirty.PointId));
            await foreach (var compared in compare([.. same.Keys]).WithCancellation(cancellation))
            {
                if (compared.Difference != PointDifference.None)
                {
                    same.Remove(compared.Id);
                    yield return compared;
                }
            }

            await state.ClearDirtyAsync(index, [.. same.Values], cancellation);
            seen(page.Count);
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<DirtyId>> PagesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        DirtyId? last = null;
        while (true)
        {
            var page = (await state.DirtyAsync(index, last, AtATime, cancellation)).Where(dirty => dirty.Sequence <= until).ToList();
            if (page.Count == 0)
            {
                yield break;
            }

            last = page[^1];
            yield return page;
        }
    }
}
