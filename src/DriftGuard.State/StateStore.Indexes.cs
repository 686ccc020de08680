using DriftGuard.Core.Indexes;
using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

public sealed partial class StateStore
{
    /// <summary>The definition of an index; null if it is not enrolled.</summary>
    public Task<IndexDefinition?> FindIndexAsync(string name, CancellationToken cancellation) => RunAsync(async context =>
    {
        var row = await context.Indexes.AsNoTracking().SingleOrDefaultAsync(i => i.Name == name, cancellation);
        return row is null ? null : StateJson.Read<IndexDefinition>(row.Json);
    }, cancellation);

    /// <summary>All enrolled indexes by name.</summary>
    public Task<IReadOnlyList<IndexDefinition>> ListIndexesAsync(CancellationToken cancellation) =>
        RunAsync<IReadOnlyList<IndexDefinition>>(async context =>
        {
            var rows = await context.Indexes.AsNoTracking().OrderBy(i => i.Name).ToListAsync(cancellation);
            return rows.ConvertAll(r => StateJson.Read<IndexDefinition>(r.Json));
        }, cancellation);

    /// <summary>
    /// Forgets an index, and what later checks of one of the same name would be compared with. Its rollouts, reports and evaluations stay on record, and nothing is
    /// done for them any more.
    /// </summary>
    /// <param name="name">The index.</param>
    /// <param name="message">For the audit log.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="StateConflictException">The index has a rollout that has not ended.</exception>
    public Task ForgetIndexAsync(string name, string message, CancellationToken cancellation) => TransactAsync(async context =>
    {
        await Database.HoldAsync(context, $"index:{name}", shared: false, cancellation);
        await Database.HoldAsync(context, $"rollouts:{name}", shared: false, cancellation);
        var rollouts = await context.Rollouts.Where(r => r.Index == name && !r.Finished).ToListAsync(cancellation);
        if (rollouts.Find(row => StateJson.Read<Core.Rollouts.Rollout>(row.Json).EndedAt is null) is { } open)
        {
            throw new StateConflictException($"index '{name}' has a rollout that has not ended: {open.Id}; finish or abort it first");
        }

        rollouts.ForEach(row => row.Finished = true);
        await context.SaveChangesAsync(cancellation);
        await context.DriftBaselines.Where(row => row.Index == name).ExecuteDeleteAsync(cancellation);
        await context.DriftVerdicts.Where(row => row.Index == name).ExecuteDeleteAsync(cancellation);
        await context.Thresholds.Where(row => row.Index == name).ExecuteDeleteAsync(cancellation);
        if (await context.Indexes.Where(row => row.Name == name).ExecuteDeleteAsync(cancellation) > 0)
        {
            Append(context, time.GetUtcNow(), name, null, "index_forgotten", "requested", $"index '{name}' forgotten; {message}");
        }

        return await context.SaveChangesAsync(cancellation);
    }, cancellation);

    /// <summary>Enrols an index or replaces its definition.</summary>
    public Task SaveIndexAsync(IndexDefinition index, CancellationToken cancellation) => TransactAsync(async context =>
    {
        await Database.HoldAsync(context, $"index:{index.Name}", shared: false, cancellation);
        var row = await context.Indexes.SingleOrDefaultAsync(i => i.Name == index.Name, cancellation);
        if (row is null)
        {
            context.Indexes.Add(new() { Name = index.Name, Json = StateJson.Write(index) });
            Append(context, time.GetUtcNow(), index.Name, null, "index_enrolled", "requested", $"index '{index.Name}' enrolled");
        }
        else
        {
            row.Json = StateJson.Write(index);
            Append(context, time.GetUtcNow(), index.Name, null, "index_changed", "requested", $"the definition of index '{index.Name}' was changed");
        }

        return await context.SaveChangesAsync(cancellation);
    }, cancellation);
}
