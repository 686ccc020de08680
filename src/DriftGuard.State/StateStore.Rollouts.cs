using DriftGuard.Core.Rollouts;
using DriftGuard.State.Rows;
using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

public sealed partial class StateStore
{
    /// <summary>Records a new rollout under the next number of its index.</summary>
    /// <param name="index">Name of the index.</param>
    /// <param name="create">Makes the rollout from its id.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="StateConflictException">The index has a rollout that has not ended.</exception>
    public Task<Rollout> AddRolloutAsync(string index, Func<string, Rollout> create, CancellationToken cancellation) => TransactAsync(async context =>
    {
        await Database.HoldAsync(context, $"rollouts:{index}", shared: false, cancellation);
        var earlier = await context.Rollouts.AsNoTracking().Where(r => r.Index == index).OrderBy(r => r.Number).ToListAsync(cancellation);
        var open = earlier.Select(r => StateJson.Read<Rollout>(r.Json)).FirstOrDefault(r => r.EndedAt is null);
        if (open is not null)
        {
            throw new StateConflictException($"index '{index}' has a rollout that has not ended: {open.Id} ({open.Phase}); finish or abort it first");
        }

        var number = earlier.Count == 0 ? 1 : earlier[^1].Number + 1;
        var rollout = create($"{index}-r{number}");
        context.Rollouts.Add(new() { Id = rollout.Id, Index = index, Number = number, Phase = rollout.Phase.ToString(), Finished = false, Json = StateJson.Write(rollout) });
        Append(context, rollout.CreatedAt, index, rollout.Id, "rollout_planned", rollout.Reason, rollout.Message);
        await context.SaveChangesAsync(cancellation);
        return rollout;
    }, cancellation);

    /// <summary>A rollout by its id; null if there is none.</summary>
    public Task<Rollout?> FindRolloutAsync(string id, CancellationToken cancellation) => RunAsync(async context =>
    {
        var row = await context.Rollouts.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancellation);
        return row is null ? null : StateJson.Read<Rollout>(row.Json);
    }, cancellation);

    /// <summary>The rollouts of an index, or of all, oldest first.</summary>
    public Task<IReadOnlyList<Rollout>> ListRolloutsAsync(string? index, CancellationToken cancellation) =>
        ReadRolloutsAsync(rows => rows.Where(r => index == null || r.Index == index), cancellation);

    /// <summary>The rollouts that the reconciler still has to look after, those that only wait for a retirement included.</summary>
    public Task<IReadOnlyList<Rollout>> UnfinishedRolloutsAsync(CancellationToken cancellation) =>
        ReadRolloutsAsync(rows => rows.Where(r => !r.Finished), cancellation);

    /// <summary>
    /// Writes a rollout's facts; a change of phase or reason is appended to the audit log in the same transaction. What is kept of live queries
    /// goes with the end of the rollout.
    /// </summary>
    /// <param name="rollout">The facts.</param>
    /// <param name="finished">Nothing is left to do for it.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="StateConflictException">This process held the rollout's lease, and another has taken it since; nothing is written.</exception>
    public Task SaveRolloutAsync(Rollout rollout, bool finished, CancellationToken cancellation) =>
        SaveRolloutAsync(rollout, finished, epochs.TryGetValue(rollout.Id, out var epoch) ? epoch : null, cancellation);

    /// <summary>Writes a rollout's facts, unless another process has taken the rollout since.</summary>
    /// <param name="rollout">The facts.</param>
    /// <param name="finished">Nothing is left to do for it.</param>
    /// <param name="leaseEpoch">The epoch of the lease that the caller holds or held; null where it took none.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="StateConflictException">The lease was taken by another since; nothing is written.</exception>
    public Task SaveRolloutAsync(Rollout rollout, bool finished, long? leaseEpoch, CancellationToken cancellation) => TransactAsync(async context =>
    {
        await Database.HoldAsync(context, OfRollout(rollout.Id), shared: false, cancellation);
        await RequireLeaseAsync(context, rollout.Id, leaseEpoch, cancellation);
        var row = await context.Rollouts.SingleAsync(r => r.Id == rollout.Id, cancellation);
        var before = StateJson.Read<Rollout>(row.Json);
        if (before.Phase != rollout.Phase || before.Reason != rollout.Reason)
        {
            var what = before.Phase == rollout.Phase ? rollout.Phase.ToString() : $"{before.Phase} -> {rollout.Phase}";
            Append(context, time.GetUtcNow(), rollout.Index, rollout.Id, what, rollout.Reason, rollout.Message);
        }

        (row.Phase, row.Finished, row.Json) = (rollout.Phase.ToString(), finished, StateJson.Write(rollout));
        await context.SaveChangesAsync(cancellation);
        if (rollout.EndedAt is not null)
        {
            await ForgetShadowTrafficAsync(context, rollout.Id, cancellation);
        }

        if (finished)
        {
            await ForgetWritesAsync(context, rollout.Index, cancellation);
        }

        return 0;
    }, cancellation);

    /// <summary>Writes down that a step failed; the facts stay as they are.</summary>
    public Task SaveStepFailureAsync(string rolloutId, StepFailure failure, CancellationToken cancellation) => TransactAsync(async context =>
    {
        await Database.HoldAsync(context, OfRollout(rolloutId), shared: false, cancellation);
        if (await context.Rollouts.SingleOrDefaultAsync(r => r.Id == rolloutId, cancellation) is { } row)
        {
            row.Json = StateJson.Write(StateJson.Read<Rollout>(row.Json) with { LastFailure = failure });
        }

        return await context.SaveChangesAsync(cancellation);
    }, cancellation);

    /// <summary>Appends a request. Those of a rollout are recorded one after the other, so that none appears behind a later one that was seen.</summary>
    /// <param name="rolloutId">The rollout.</param>
    /// <param name="kind">What is wished.</param>
    /// <param name="by">Who wishes it.</param>
    /// <param name="arguments">What else is said, as the kind defines it; null for nothing.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>Its sequence.</returns>
    public Task<long> AddRequestAsync(string rolloutId, RequestKind kind, string by, string? arguments, CancellationToken cancellation) => TransactAsync(async context =>
    {
        await Database.HoldAsync(context, OfRollout(rolloutId), shared: false, cancellation);
        var index = (await context.Rollouts.AsNoTracking().SingleAsync(r => r.Id == rolloutId, cancellation)).Index;
        var at = time.GetUtcNow();
        var row = new RequestRow { RolloutId = rolloutId, Kind = kind.ToString(), By = by, At = at, Arguments = arguments };
        context.Requests.Add(row);
        Append(context, at, index, rolloutId, $"request_{kind.ToString().ToLowerInvariant()}", "requested", arguments is null ? $"by {by}" : $"by {by}: {arguments}");
        await context.SaveChangesAsync(cancellation);
        return row.Sequence;
    }, cancellation);

    /// <summary>What was asked of a rollout, reduced to what holds now.</summary>
    public Task<RolloutRequests> RequestsAsync(string rolloutId, CancellationToken cancellation) => RunAsync(async context =>
    {
        var rows = await context.Requests.AsNoTracking().Where(r => r.RolloutId == rolloutId).OrderBy(r => r.Sequence).ToListAsync(cancellation);
        return RolloutRequests.Reduce(rows.Select(r => new RolloutRequest(r.Sequence, Enum.Parse<RequestKind>(r.Kind), r.By, r.At, r.Arguments)));
    }, cancellation);

    private Task<IReadOnlyList<Rollout>> ReadRolloutsAsync(Func<IQueryable<RolloutRow>, IQueryable<RolloutRow>> which, CancellationToken cancellation) =>
        RunAsync<IReadOnlyList<Rollout>>(async context =>
        {
            var rows = await which(context.Rollouts.AsNoTracking()).OrderBy(r => r.Index).ThenBy(r => r.Number).ToListAsync(cancellation);
            return rows.ConvertAll(r => StateJson.Read<Rollout>(r.Json));
        }, cancellation);
}
