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
