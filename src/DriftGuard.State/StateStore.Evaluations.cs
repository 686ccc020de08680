using DriftGuard.Core.Rollouts;
using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

public sealed partial class StateStore
{
    /// <summary>Stores an evaluation.</summary>
    public Task AddEvaluationAsync(StoredEvaluation e, CancellationToken cancellation) => RunAsync(async context =>
    {
        context.Evaluations.Add(new() { Id = e.Id, Index = e.Index, RolloutId = e.RolloutId, Kind = e.Kind, Verdict = e.Verdict, At = e.At, Json = e.Json });
        return await context.SaveChangesAsync(cancellation);
    }, cancellation);

    /// <summary>An evaluation by its id; null if there is none.</summary>
    public Task<StoredEvaluation?> FindEvaluationAsync(string id, CancellationToken cancellation) => RunAsync(async context =>
        await context.Evaluations.AsNoTracking().Where(e => e.Id == id)
            .Select(e => new StoredEvaluation(e.Id, e.Index, e.RolloutId, e.Kind, e.Verdict, e.At, e.Json))
            .SingleOrDefaultAsync(cancellation), cancellation);

    /// <summary>The newest evaluation of an index, or of a rollout; null if neither has one.</summary>
    public Task<StoredEvaluation?> LatestEvaluationAsync(string indexOrRollout, CancellationToken cancellation) => RunAsync(async context =>
        await context.Evaluations.AsNoTracking().Where(e => e.Index == indexOrRollout || e.RolloutId == indexOrRollout)
            .OrderByDescending(e => e.At).ThenByDescending(e => e.Id)
            .Select(e => new StoredEvaluation(e.Id, e.Index, e.RolloutId, e.Kind, e.Verdict, e.At, e.Json))
            .FirstOrDefaultAsync(cancellation), cancellation);

    /// <summary>Evaluations of an index, or of all, newest first, without their reports.</summary>
    public Task<IReadOnlyList<EvaluationEntry>> ListEvaluationsAsync(string? index, int limit, CancellationToken cancellation) => RunAsync<IReadOnlyList<EvaluationEntry>>(async context =>
        await context.Evaluations.AsNoTracking().Where(e => index == null || e.Index == index)
            .OrderByDescending(e => e.At).ThenByDescending(e => e.Id).Take(limit)
            .Select(e => new EvaluationEntry(e.Id, e.Index, e.RolloutId, e.Kind, e.Verdict, e.At))
            .ToListAsync(cancellation), cancellation);
}
