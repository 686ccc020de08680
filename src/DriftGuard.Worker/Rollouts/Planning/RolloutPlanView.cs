using DriftGuard.Core.Calibration;
using DriftGuard.Core.Gate;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Estimates;
using DriftGuard.Worker.Evaluation;

namespace DriftGuard.Worker.Rollouts.Planning;

/// <summary>A plan as it is shown.</summary>
/// <param name="Index">The index.</param>
/// <param name="Blue">The collection that serves it.</param>
/// <param name="From">The model that serves.</param>
/// <param name="To">The model to change to.</param>
/// <param name="Points">Points of the collection.</param>
/// <param name="Takes">What the change takes, measured on a sample.</param>
/// <param name="DecidedBy">What the gate will decide by.</param>
/// <param name="Preflight">What the preflight said; null where it was left out.</param>
/// <param name="Thresholds">The thresholds that the gate will ask for; null where the index has none.</param>
/// <param name="Settings">What is asked.</param>
/// <param name="Notes">What else is worth knowing.</param>
public sealed record RolloutPlanView(
    string Index, string Blue, RolloutPlanView.Model From, RolloutPlanView.Model To, long Points, RolloutPlanView.Cost Takes, RolloutPlanView.Decision DecidedBy,
    RolloutPlanView.Trial? Preflight, ThresholdEvidence? Thresholds, RolloutSettings Settings, IReadOnlyList<string> Notes)
{
    /// <summary>One of the two models.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Fingerprint">Its fingerprint.</param>
    /// <param name="Dimensions">Components of its vectors.</param>
    public sealed record Model(string Name, string Fingerprint, int Dimensions);

    /// <summary>What the change takes, measured on a sample.</summary>
    /// <param name="Texts">Texts to embed.</param>
    /// <param name="Tokens">Tokens of all of them.</param>
    /// <param name="TokensPlusMinus">How far that may be off; 0 where all were counted.</param>
    /// <param name="TextsPerSecond">Texts embedded a second; null where too few were measured.</param>
    /// <param name="Hours">Hours of embedding; null where the rate is not known.</param>
    /// <param name="Money">What the provider takes; null where no price is known.</param>
    /// <param name="Currency">In which currency.</param>
    /// <param name="DiskBytes">Disk in Qdrant at its peak.</param>
    /// <param name="MemoryBytes">Memory in Qdrant for green, beside blue.</param>
    /// <param name="Sample">The sample.</param>
    /// <param name="OverBudget">What goes beyond the budget.</param>
    public sealed record Cost(
        long Texts, double Tokens, double TokensPlusMinus, double? TextsPerSecond, double? Hours, double? Money, string Currency, double DiskBytes, double MemoryBytes,
        TextSample Sample, IReadOnlyList<BudgetExcess> OverBudget);

    /// <summary>What the gate will decide by.</summary>
    /// <param name="CalibrationSet">The set.</param>
    /// <param name="Queries">Its queries.</param>
    /// <param name="Groups">Groups of queries that share relevant documents.</param>
    /// <param name="Labels">Which of its labels lead nowhere.</param>
    public sealed record Decision(string CalibrationSet, int Queries, int Groups, StaleLabels Labels);

    /// <summary>What the preflight said: differences on a sub-corpus, never levels of the index.</summary>
    /// <param name="Refused">The model is hopeless.</param>
    /// <param name="Sentence">The same for people.</param>
    /// <param name="Evaluation">The id of its report.</param>
    /// <param name="Differences">The differences, by metric.</param>
    public sealed record Trial(bool Refused, string Sentence, string Evaluation, IReadOnlyList<Difference> Differences);

    /// <summary>One metric's difference on the sub-corpus.</summary>
    /// <param name="Metric">The metric.</param>
    /// <param name="Mean">The mean difference, new less old.</param>
    /// <param name="UpperBound99">Its upper bound at 99 %; null where too little was scored.</param>
    /// <param name="Margin">The loss that still counts as a match.</param>
    /// <param name="Queries">Queries that were paired.</param>
    public sealed record Difference(string Metric, double Mean, double? UpperBound99, double Margin, int Queries);

    /// <summary>How a plan is shown that was measured.</summary>
    /// <param name="plan">The plan, with its estimate.</param>
    /// <param name="preflight">The report of its preflight; null where that was left out.</param>
    /// <param name="refused">The preflight refuses it.</param>
    /// <param name="thresholds">The thresholds that the gate will ask for.</param>
    public static RolloutPlanView Of(RolloutPlan plan, EvaluationReport? preflight, bool refused, ThresholdEvidence? thresholds)
    {
        var estimate = plan.Estimate!;
        return new(
            plan.Index.Definition.Name, plan.Index.Collection,
            new(plan.FromModel, plan.FromFingerprint.Id, plan.From.Spec.Dimensions), new(plan.To.Spec.Name, plan.To.Fingerprint.Id, plan.To.Spec.Dimensions),
            estimate.Points,
            new(
                estimate.Texts, estimate.Tokens, estimate.TokensUncertainty, estimate.Rate, estimate.Hours, estimate.Money, estimate.Currency,
                estimate.Footprint.DiskBytes, estimate.Footprint.MemoryBytes, estimate.Sample, plan.Excesses),
            new(plan.Set.Name, plan.Set.Queries.Count, plan.Set.GroupCount, plan.Labels),
            preflight is null ? null : new(refused, preflight.Sentence, preflight.Id,
                [.. preflight.Comparisons.Select(c => new Difference(c.Metric, c.Result.MeanDifference, c.Result.UpperBound, c.Result.Margin, c.Result.Queries))]),
            thresholds, plan.Settings, plan.Notes);
    }
}
