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
}
