using System.Linq.Expressions;
using DriftGuard.State.Rows;
using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

public sealed partial class StateStore
{
    private static readonly Expression<Func<ThresholdRow, StoredThreshold>> AsThreshold = t => new StoredThreshold(
        t.Index, t.Fingerprint, t.Name, t.Value, t.Method, t.Provisional, t.Alpha, t.Lower, t.Upper, t.Source, t.Seed, t.At, t.Json);

    /// <summary>Stores a threshold, with an audit event in the same transaction. Earlier ones are kept; the newest of a name counts.</summary>
    /// <param name="threshold">The threshold.</param>
    /// <param name="message">For the audit log.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task AddThresholdAsync(StoredThreshold threshold, string message, CancellationToken cancellation) => RunAsync(async context =>
    {
        context.Thresholds.Add(new()
        {
            Index = threshold.Index,
            Fingerprint = threshold.Fingerprint,
            Name = threshold.Name,
            Value = threshold.Value,
            Method = threshold.Method,
            Provisional = threshold.Provisional,
            Alpha = threshold.Alpha,
            Lower = threshold.Lower,
            Upper = threshold.Upper,
            Source = threshold.Source,
            Seed = threshold.Seed,
            At = threshold.At,
            Json = threshold.Json,
        });
        Append(context, threshold.At, threshold.Index, null, "threshold_stored", threshold.Method, message);
        return await context.SaveChangesAsync(cancellation);
    }, cancellation);

    /// <summary>The newest threshold of each name of an index under one model, by name.</summary>
    public Task<IReadOnlyList<StoredThreshold>> ThresholdsAsync(string index, string fingerprint, CancellationToken cancellation) =>
        RunAsync<IReadOnlyList<StoredThreshold>>(async context => await context.Thresholds.AsNoTracking()
            .Where(t => t.Index == index && t.Fingerprint == fingerprint
                && t.Sequence == context.Thresholds.Where(o => o.Index == index && o.Fingerprint == fingerprint && o.Name == t.Name).Max(o => o.Sequence))
            .OrderBy(t => t.Name)
            .Select(AsThreshold)
            .ToListAsync(cancellation), cancellation);

    /// <summary>Every threshold that was ever stored for an index, under whatever model, newest first.</summary>
    public Task<IReadOnlyList<StoredThreshold>> ThresholdHistoryAsync(string index, CancellationToken cancellation) =>
        RunAsync<IReadOnlyList<StoredThreshold>>(async context => await context.Thresholds.AsNoTracking()
            .Where(t => t.Index == index)
            .OrderByDescending(t => t.Sequence)
            .Select(AsThreshold)
            .ToListAsync(cancellation), cancellation);
}
