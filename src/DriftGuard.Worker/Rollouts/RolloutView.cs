using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Estimates;
using DriftGuard.Core.Rollouts.Limits;
using DriftGuard.Core.Rollouts.Proof;
using DriftGuard.State;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Rollouts.Proving;
using DriftGuard.Worker.Shadow;

namespace DriftGuard.Worker.Rollouts;

/// <summary>A rollout as it is shown.</summary>
/// <param name="Rollout">The facts.</param>
/// <param name="Copied">Points copied.</param>
/// <param name="PartitionsDone">Partitions copied whole.</param>
/// <param name="Tokens">Tokens embedded.</param>
/// <param name="Limits">The limits in force.</param>
/// <param name="Left">How much longer the copying takes; null where it does not go on, or too little is known.</param>
/// <param name="Proof">How much was compared in full.</param>
/// <param name="Parked">Texts that could not be embedded.</param>
/// <param name="Shadow">What live queries found on both sides; null where none were asked.</param>
/// <param name="Evaluation">The report of the gate, or of the preflight before there is one; null before both.</param>
public sealed record RolloutView(
    Rollout Rollout, long Copied, int PartitionsDone, long Tokens, RolloutLimits Limits, RemainingTime? Left, ProofSummary Proof, IReadOnlyList<ParkedText> Parked,
    ShadowSummary? Shadow, EvaluationReport? Evaluation);

/// <summary>A partition as it is shown.</summary>
/// <param name="Ordinal">Position in id order, from 0.</param>
/// <param name="Start">First id.</param>
/// <param name="End">The id at which it stops, exclusive; null for the last one.</param>
/// <param name="Copied">Points copied.</param>
/// <param name="Tokens">Tokens embedded.</param>
/// <param name="Attempt">How often it was begun.</param>
/// <param name="Done">It is copied whole.</param>
/// <param name="Failure">With what it failed last; null if it never did.</param>
public sealed record PartitionView(int Ordinal, string Start, string? End, long Copied, long Tokens, int Attempt, bool Done, string? Failure);

/// <summary>The parked texts of a rollout as they are shown.</summary>
/// <param name="Rollout">The rollout.</param>
/// <param name="Blue">The collection in which they are to be mended.</param>
/// <param name="Texts">The texts.</param>
public sealed record ParkedView(string Rollout, string Blue, IReadOnlyList<ParkedTextView> Texts);

/// <summary>A parked text as it is shown.</summary>
/// <param name="Point">The point.</param>
/// <param name="Reason">Why it could not be embedded.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="LastTriedAt">When it was tried last.</param>
public sealed record ParkedTextView(string Point, string Reason, int Attempts, DateTimeOffset LastTriedAt);

/// <summary>The limits of a rollout after they were changed.</summary>
/// <param name="Rollout">The rollout.</param>
/// <param name="Limits">The limits in force.</param>
/// <param name="Resumes">It stood still because its money was spent, and goes on with these.</param>
public sealed record LimitsView(string Rollout, RolloutLimits Limits, bool Resumes)
{
    /// <summary>The limits of a rollout, as it was before they were changed.</summary>
    public static LimitsView Of(Rollout rollout, RolloutLimits limits) => new(rollout.Id, limits, rollout.Reason == RolloutReason.BudgetSpent);
}

/// <summary>Reads rollouts as they are shown.</summary>
public sealed class RolloutViews
{
    private readonly RolloutService rollouts;
    private readonly StateStore state;
    private readonly ShadowReports shadow;
    private readonly Evaluator evaluator;

    internal RolloutViews(RolloutService rollouts, StateStore state, ShadowReports shadow, Evaluator evaluator) =>
        (this.rollouts, this.state, this.shadow, this.evaluator) = (rollouts, state, shadow, evaluator);

    /// <summary>A rollout by its id, or the latest one of an index.</summary>
    /// <exception cref="OperatorException">There is none.</exception>
    public async Task<RolloutView> ReadAsync(string idOrIndex, CancellationToken cancellation)
    {
        var rollout = await rollouts.FindAsync(idOrIndex, cancellation);
        var partitions = await state.PartitionsAsync(rollout.Id, cancellation);
        var evaluationId = rollout.Gate?.EvaluationId ?? rollout.Preflight?.EvaluationId;
        return new(
            rollout, partitions.Sum(p => p.Copied), partitions.Count(p => p.Done), partitions.Sum(p => p.Tokens) + rollout.PassTokens,
            (await state.RequestsAsync(rollout.Id, cancellation)).Limits.Over(rollout.Settings.Limits),
            rollout.Phase == RolloutPhase.Copying ? rollout.Copying?.Left : null, ProofStore.Summary(partitions), await state.ParkedAsync(rollout.Id, cancellation),
            await shadow.SummaryAsync(rollout, cancellation),
            evaluationId is null ? null : await evaluator.FindAsync(evaluationId, cancellation));
    }

    /// <summary>The partitions of a rollout, in id order.</summary>
    /// <exception cref="OperatorException">There is no such rollout.</exception>
    public async Task<IReadOnlyList<PartitionView>> PartitionsAsync(string idOrIndex, CancellationToken cancellation)
    {
        var rollout = await rollouts.FindAsync(idOrIndex, cancellation);
        return [.. (await state.PartitionsAsync(rollout.Id, cancellation)).Select(p => new PartitionView(p.Ordinal, p.Start, p.End, p.Copied, p.Tokens, p.Attempt, p.Done, p.Failure))];
    }

    /// <summary>The parked texts of a rollout.</summary>
    /// <exception cref="OperatorException">There is no such rollout.</exception>
    public async Task<ParkedView> ParkedAsync(string idOrIndex, CancellationToken cancellation)
    {
        var rollout = await rollouts.FindAsync(idOrIndex, cancellation);
        var parked = await state.ParkedAsync(rollout.Id, cancellation);
        return new(rollout.Id, rollout.Blue, [.. parked.Select(p => new ParkedTextView(p.PointId, p.Reason, p.Attempts, p.At))]);
    }
}
