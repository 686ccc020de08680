using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

public sealed partial class StateStore
{
    /// <summary>Stores a baseline.</summary>
    /// <exception cref="StateException">There is one with its id.</exception>
    public Task AddDriftBaselineAsync(StoredBaseline b, CancellationToken cancellation) => RunAsync(async context =>
    {
        context.DriftBaselines.Add(new()
        {
            Id = b.Id,
            Index = b.Index,
            Fingerprint = b.Fingerprint,
            Collection = b.Collection,
            Kind = b.Kind,
            At = b.At,
            Json = b.Json,
            Blob = b.Blob,
        });
        return await context.SaveChangesAsync(cancellation);
    }, cancellation);

    /// <summary>The newest baseline of an index; null if there is none.</summary>
    /// <param name="index">The index.</param>
    /// <param name="fingerprint">The model that the baseline was taken under; null for whichever.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task<StoredBaseline?> LatestDriftBaselineAsync(string index, string? fingerprint, CancellationToken cancellation) => RunAsync(async context =>
        await context.DriftBaselines.AsNoTracking()
            .Where(b => b.Index == index && (fingerprint == null || b.Fingerprint == fingerprint))
            .OrderByDescending(b => b.At).ThenByDescending(b => b.Id)
            .Select(b => new StoredBaseline(b.Id, b.Index, b.Fingerprint, b.Collection, b.Kind, b.At, b.Json, b.Blob))
            .FirstOrDefaultAsync(cancellation), cancellation);

    /// <summary>A baseline by its id; null if there is none.</summary>
    public Task<StoredBaseline?> FindDriftBaselineAsync(string id, CancellationToken cancellation) => RunAsync(async context =>
        await context.DriftBaselines.AsNoTracking().Where(b => b.Id == id)
            .Select(b => new StoredBaseline(b.Id, b.Index, b.Fingerprint, b.Collection, b.Kind, b.At, b.Json, b.Blob))
            .SingleOrDefaultAsync(cancellation), cancellation);

    /// <summary>The baselines of an index, or of all, newest first.</summary>
    public Task<IReadOnlyList<BaselineEntry>> ListDriftBaselinesAsync(string? index, CancellationToken cancellation) =>
        RunAsync<IReadOnlyList<BaselineEntry>>(async context => await context.DriftBaselines.AsNoTracking()
            .Where(b => index == null || b.Index == index)
            .OrderByDescending(b => b.At).ThenByDescending(b => b.Id)
            .Select(b => new BaselineEntry(b.Id, b.Index, b.Fingerprint, b.Collection, b.Kind, b.At, b.Json))
            .ToListAsync(cancellation), cancellation);

    /// <summary>Deletes baselines but the newest of each index and model.</summary>
    /// <param name="keep">How many of each index and model are kept, at least 1.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>How many were deleted.</returns>
    public Task<int> PruneDriftBaselinesAsync(int keep, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        return RunAsync(context => context.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM "DriftBaselines" WHERE "Id" IN (
                SELECT "Id" FROM (
                    SELECT "Id", ROW_NUMBER() OVER (PARTITION BY "Index", "Fingerprint" ORDER BY "At" DESC, "Id" DESC) AS place FROM "DriftBaselines") AS placed
                WHERE place > {keep})
            """,
            cancellation), cancellation);
    }
}

/// <summary>What an index looked like when it was good, for later checks to be held against.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Index">The index.</param>
/// <param name="Fingerprint">The model that it was served with.</param>
/// <param name="Collection">The collection that it pointed to.</param>
/// <param name="Kind">What it was taken at: cutover, requested, enrolled or first_check.</param>
/// <param name="At">When it was taken.</param>
/// <param name="Json">What it holds.</param>
/// <param name="Blob">Its vectors, see <see cref="VectorBlob"/>; may be empty.</param>
public sealed record StoredBaseline(
    string Id, string Index, string Fingerprint, string Collection, string Kind, DateTimeOffset At, string Json, byte[] Blob);

/// <summary>A baseline without its vectors.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Index">The index.</param>
/// <param name="Fingerprint">The model that it was served with.</param>
/// <param name="Collection">The collection that it pointed to.</param>
/// <param name="Kind">What it was taken at.</param>
/// <param name="At">When it was taken.</param>
/// <param name="Json">What it holds.</param>
public sealed record BaselineEntry(string Id, string Index, string Fingerprint, string Collection, string Kind, DateTimeOffset At, string Json);
