using DriftGuard.Core.Access;
using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

public sealed partial class StateStore
{
    /// <summary>What is about no index stands in the log under this name, which no index can have.</summary>
    internal const string NoIndex = "";

    private static readonly AsyncLocal<Actor?> Acting = new();

    /// <summary>Everything that this flow of control records in any state stands in the audit log as done by somebody, until the result is disposed.</summary>
    public static IDisposable ActingAs(Actor actor)
    {
        var before = Acting.Value;
        Acting.Value = new(Cut(actor.Name), CutOrNull(actor.From), CutOrNull(actor.Why));
        return new ActingEnd(before);
    }

    /// <summary>Who acts in this flow of control, as the audit log is told; null where that is the worker itself.</summary>
    public static Actor? Actor => Acting.Value;

    /// <summary>The audit log of an index, or of all, oldest first.</summary>
    public async Task<IReadOnlyList<AuditEvent>> AuditAsync(string? index, CancellationToken cancellation) =>
        [.. (await FindAuditAsync(new AuditQuery(index, Limit: int.MaxValue), cancellation)).Reverse()];

    /// <summary>Entries of the audit log, newest first.</summary>
    public Task<IReadOnlyList<AuditEvent>> FindAuditAsync(AuditQuery query, CancellationToken cancellation) =>
        RunAsync<IReadOnlyList<AuditEvent>>(async context =>
            await context.Audit.AsNoTracking()
                .Where(a => (query.Index == null || a.Index == query.Index) && (query.RolloutId == null || a.RolloutId == query.RolloutId)
                    && (query.Since == null || a.At >= query.Since) && (query.Before == null || a.Sequence < query.Before))
                .OrderByDescending(a => a.Sequence)
                .Take(query.Limit)
                .Select(a => new AuditEvent(a.Sequence, a.At, a.Index == NoIndex ? null : a.Index, a.RolloutId, a.Event, a.Reason, a.Message, a.By, a.From, a.Why))
                .ToListAsync(cancellation), cancellation);

    /// <summary>Records something that changes nothing in the state, such as a check that somebody asked for.</summary>
    /// <param name="index">The index it is about; null for none.</param>
    /// <param name="what">What happened.</param>
    /// <param name="reason">Why.</param>
    /// <param name="message">The same for people.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task AddAuditAsync(string? index, string what, string reason, string message, CancellationToken cancellation) => TransactAsync(async context =>
    {
        Append(context, time.GetUtcNow(), index ?? NoIndex, null, what, reason, message);
        return await context.SaveChangesAsync(cancellation);
    }, cancellation);

    internal static void Append(StateContext context, DateTimeOffset at, string index, string? rolloutId, string what, string reason, string message) =>
        context.Audit.Add(new()
        {
            At = at,
            Index = index,
            RolloutId = rolloutId,
            Event = what,
            Reason = reason,
            Message = message,
            By = Acting.Value?.Name,
            From = Acting.Value?.From,
            Why = Acting.Value?.Why,
        });

    private static string Cut(string text) => text.Length > Core.Access.Actor.Longest ? text[..Core.Access.Actor.Longest] : text;

    private static string? CutOrNull(string? text) => string.IsNullOrWhiteSpace(text) ? null : Cut(text);

    private sealed class ActingEnd(Actor? before) : IDisposable
    {
        public void Dispose() => Acting.Value = before;
    }
}
