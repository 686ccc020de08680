using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

public sealed partial class StateStore
{
    internal const string LeaseCounter = "lease";

    /// <summary>
    /// Counts up and returns the lease epoch, and records when. Each process that may write points takes one, so that a late write of an
    /// earlier process is known by its lower revision.
    /// </summary>
    public Task<long> NextLeaseEpochAsync(CancellationToken cancellation) => TransactAsync(context => NextLeaseEpochAsync(context, cancellation), cancellation);

    /// <summary>When lease epochs were given out: when the process began whose writes carry them.</summary>
    /// <returns>By epoch; one that is not known here, as it is older than the record or of another state, is missing.</returns>
    public Task<IReadOnlyDictionary<long, DateTimeOffset>> LeaseEpochTimesAsync(IReadOnlyCollection<long> epochs, CancellationToken cancellation) =>
        RunAsync<IReadOnlyDictionary<long, DateTimeOffset>>(async context => await context.LeaseEpochs.AsNoTracking()
            .Where(e => epochs.Contains(e.Epoch)).ToDictionaryAsync(e => e.Epoch, e => e.At, cancellation), cancellation);

    /// <summary>
    /// Hours since 2024: a state that is new, or was restored from a backup, begins above what an earlier one has most likely given out, and
    /// its writes are not taken for late ones. An epoch has room for two centuries of them.
    /// </summary>
    private long LeastLeaseEpoch() => Math.Max(1, (long)(time.GetUtcNow() - new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalHours);

    private async Task<long> NextLeaseEpochAsync(StateContext context, CancellationToken cancellation)
    {
        // One statement: between a write and a read of its own another process would count up, and both would get the same epoch.
        var epoch = (await context.Database.SqlQuery<long>(
            $"""
            INSERT INTO "Counters" ("Name", "Value") VALUES ({LeaseCounter}, {LeastLeaseEpoch()}) ON CONFLICT ("Name") DO UPDATE SET
                "Value" = CASE WHEN "Counters"."Value" >= excluded."Value" THEN "Counters"."Value" + 1 ELSE excluded."Value" END
            RETURNING "Value"
            """)
            .ToListAsync(cancellation)).Single();
        context.LeaseEpochs.Add(new() { Epoch = epoch, At = time.GetUtcNow() });
        await context.SaveChangesAsync(cancellation);
        return epoch;
    }
}
