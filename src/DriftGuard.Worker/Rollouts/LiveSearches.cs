using DriftGuard.Core.Rollouts;
using DriftGuard.State;

namespace DriftGuard.Worker.Rollouts;

/// <summary>What the gateways counted of searches, before the cutover of a rollout and since.</summary>
internal sealed class LiveSearches(StateStore state, TimeProvider time)
{
    /// <summary>A day has its quiet hours and its busy ones.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromDays(1);

    /// <summary>As many as tell a failure in fifty from one in two hundred; fewer minutes are looked at where there are more searches.</summary>
    private const long Enough = 2_000;

    /// <summary>Searches of the old collection in the day before the cutover.</summary>
    public async Task<SearchFigures> BeforeAsync(Rollout rollout, CancellationToken cancellation)
    {
        var cutover = rollout.CutOverAt!.Value;
        return Sum(await state.SearchMinutesAsync(rollout.Index, rollout.Blue, cutover - Before, cutover, cancellation));
    }

    /// <summary>
    /// Searches of the new collection since the latest check, and as many before it as it takes to be enough: what was fine for hours does not hide what is
    /// worse now.
    /// </summary>
    public async Task<SearchFigures> SinceAsync(Rollout rollout, CancellationToken cancellation)
    {
        var (now, cutover) = (time.GetUtcNow(), rollout.CutOverAt!.Value);
        var since = rollout.LastSoakCheck?.At ?? cutover;
        var minutes = await state.SearchMinutesAsync(rollout.Index, rollout.Green, cutover - TimeSpan.FromMinutes(1), now, cancellation);
        var (taken, searches) = (new List<SearchMinute>(), 0L);
        foreach (var minute in minutes.TakeWhile(minute => minute.Minute >= since || searches < Enough))
        {
            taken.Add(minute);
            searches += minute.Figures.Searches;
        }

        return Sum(taken);
    }

    private static SearchFigures Sum(IEnumerable<SearchMinute> minutes) => SearchFigures.Sum(minutes.Select(minute => minute.Figures));
}
