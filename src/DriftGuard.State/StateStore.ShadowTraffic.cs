using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Shadow;
using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

/// <remarks>Shadow traffic is kept until its rollout ends: whoever writes it holds the rollout, so that nothing comes after that.</remarks>
public sealed partial class StateStore
{
    /// <summary>Writes what a gateway has counted for a rollout, and offers it queries whose answers differ.</summary>
    /// <param name="rolloutId">The rollout.</param>
    /// <param name="gateway">The gateway, by a name that no other has.</param>
    /// <param name="minutes">All that it has counted in these minutes, which replaces what it wrote of them before: it may be written twice.</param>
    /// <param name="queries">Queries, each key once; one that is on record is counted on.</param>
    /// <param name="keep">How many queries of the rollout are kept, those that differ most.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>false where the rollout has ended, or is not there: nothing was written.</returns>
    public Task<bool> AddShadowTrafficAsync(
        string rolloutId, string gateway, IReadOnlyDictionary<DateTimeOffset, ShadowFigures> minutes, IReadOnlyList<ShadowQuery> queries, int keep, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keep);
        return TransactAsync(async context =>
        {
            await Database.HoldAsync(context, OfRollout(rolloutId), shared: false, cancellation);
            var rollout = await context.Rollouts.AsNoTracking().SingleOrDefaultAsync(r => r.Id == rolloutId, cancellation);
            if (rollout is null || StateJson.Read<Rollout>(rollout.Json).EndedAt is not null)
            {
                return false;
            }

            foreach (var (minute, figures) in minutes)
            {
                if (await context.ShadowMinutes.FindAsync([rolloutId, minute, gateway], cancellation) is { } row)
                {
                    row.Json = StateJson.Write(figures);
                }
                else
                {
                    context.ShadowMinutes.Add(new() { RolloutId = rolloutId, Minute = minute, Gateway = gateway, Json = StateJson.Write(figures) });
                }
            }

            await OfferAsync(context, rolloutId, queries, cancellation);
            await context.SaveChangesAsync(cancellation);
            await TrimAsync(context, rolloutId, keep, cancellation);
            return true;
        }, cancellation);
    }

    /// <summary>What all gateways have counted for a rollout; null where there is nothing.</summary>
    public Task<ShadowTotals?> ShadowTotalsAsync(string rolloutId, CancellationToken cancellation) => RunAsync(async context =>
    {
        var (figures, gateways, since, until) = (new ShadowFigures(), new HashSet<string>(StringComparer.Ordinal), DateTimeOffset.MaxValue, DateTimeOffset.MinValue);
        await foreach (var row in context.ShadowMinutes.AsNoTracking().Where(m => m.RolloutId == rolloutId).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            figures.Merge(StateJson.Read<ShadowFigures>(row.Json));
            gateways.Add(row.Gateway);
            (since, until) = (row.Minute < since ? row.Minute : since, row.Minute > until ? row.Minute : until);
        }

        return gateways.Count == 0 ? null : new ShadowTotals(figures, gateways.Count, since, until);
    }, cancellation);

    /// <summary>The queries of a rollout whose answers differ most, those first that differ most.</summary>
    public Task<IReadOnlyList<ShadowQuery>> ShadowQueriesAsync(string rolloutId, CancellationToken cancellation) => RunAsync<IReadOnlyList<ShadowQuery>>(async context =>
    {
        var rows = await context.ShadowQueries.AsNoTracking().Where(q => q.RolloutId == rolloutId).OrderBy(q => q.Overlap).ThenBy(q => q.Key).ToListAsync(cancellation);
        return rows.ConvertAll(row => StateJson.Read<ShadowQuery>(row.Json));
    }, cancellation);

    private static async Task OfferAsync(StateContext context, string rolloutId, IReadOnlyList<ShadowQuery> queries, CancellationToken cancellation)
    {
        var keys = queries.Select(query => query.Key).ToList();
        var known = await context.ShadowQueries.Where(q => q.RolloutId == rolloutId && keys.Contains(q.Key)).ToDictionaryAsync(q => q.Key, StringComparer.Ordinal, cancellation);
        foreach (var query in queries)
        {
            if (known.TryGetValue(query.Key, out var row))
            {
                (row.Overlap, row.At, row.Json) = (query.Overlap, query.At, StateJson.Write(query.After(StateJson.Read<ShadowQuery>(row.Json))));
            }
            else
            {
                context.ShadowQueries.Add(new() { RolloutId = rolloutId, Key = query.Key, Overlap = query.Overlap, At = query.At, Json = StateJson.Write(query) });
            }
        }
    }

    private static async Task TrimAsync(StateContext context, string rolloutId, int keep, CancellationToken cancellation)
    {
        // In the order of the keys among equals, which is as good as random and does not change: of what is seen often, how often is known.
        var first = await context.ShadowQueries.AsNoTracking().Where(q => q.RolloutId == rolloutId).OrderBy(q => q.Overlap).ThenBy(q => q.Key).Skip(keep)
            .Select(q => new { q.Overlap, q.Key }).FirstOrDefaultAsync(cancellation);
        if (first is not null)
        {
            await context.Database.ExecuteSqlAsync(
                $"""DELETE FROM "ShadowQueries" WHERE "RolloutId" = {rolloutId} AND ("Overlap", "Key") >= ({first.Overlap}, {first.Key})""", cancellation);
        }
    }

    private static async Task ForgetShadowTrafficAsync(StateContext context, string rolloutId, CancellationToken cancellation)
    {
        await context.ShadowMinutes.Where(m => m.RolloutId == rolloutId).ExecuteDeleteAsync(cancellation);
        await context.ShadowQueries.Where(q => q.RolloutId == rolloutId).ExecuteDeleteAsync(cancellation);
    }
}
