using DriftGuard.Core.Rollouts;

namespace DriftGuard.Worker.Evaluation.Comparing;

/// <summary>A comparison that somebody asks for.</summary>
/// <param name="SetOrIndex">A calibration set by name or folder, or an index for its own; <c>set:</c> or <c>index:</c> before it says which.</param>
/// <param name="Old">What is compared with: <c>index:NAME</c>, <c>collection:NAME</c>, <c>collection:NAME@MODEL</c> or <c>model:NAME</c>; a plain name is an index or a model.</param>
/// <param name="New">The candidate, likewise.</param>
/// <param name="Gate">The rule, as a rollout's gate would have it; no metrics leaves them to the set.</param>
public sealed record SetComparison(string SetOrIndex, string Old, string New, GateSettings Gate);
