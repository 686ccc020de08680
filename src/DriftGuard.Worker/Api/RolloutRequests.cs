using DriftGuard.Core.Rollouts;

namespace DriftGuard.Worker.Api;

/// <summary>A plan that is asked for.</summary>
/// <param name="To">The model to change to.</param>
/// <param name="CalibrationSet">The set that decides, by name; the index' own unless said.</param>
/// <param name="Preflight">Whether a sub-corpus is scored.</param>
/// <param name="Seed">Seed of what is drawn; drawn itself unless said.</param>
public sealed record PlanRequest(string To, string? CalibrationSet = null, bool Preflight = true, int? Seed = null);

/// <summary>A rollout that is asked for.</summary>
/// <param name="To">The model to change to.</param>
/// <param name="CalibrationSet">The set that decides, by name; the index' own unless said.</param>
/// <param name="Preflight">Whether a sub-corpus is scored before anything is copied.</param>
/// <param name="Approved">Cut over once the gate passes, without waiting for an approval.</param>
/// <param name="OverBudget">Start it also where the estimate goes beyond <c>rollout.budget</c>.</param>
/// <param name="Reason">Why, for the audit log.</param>
/// <param name="RequireApproval">Wait for an approval also where the configuration asks for none.</param>
/// <param name="Reference">What its starter calls it, such as a UUID: a rollout that was started under it is answered with, and none is started again, ever.</param>
public sealed record StartRequest(
    string To, string? CalibrationSet = null, bool Preflight = true, bool Approved = false, bool OverBudget = false, string? Reason = null, bool RequireApproval = false,
    string? Reference = null);

/// <summary>Other limits that are asked for.</summary>
/// <param name="Limits">Those that change: pointsPerSecond, concurrentPartitions, callsPerMinute, tokensPerMinute, money; null for no limit.</param>
/// <param name="Reason">Why, for the audit log.</param>
public sealed record ThrottleRequest(IReadOnlyDictionary<string, double?> Limits, string? Reason = null);

/// <summary>Another try that is asked for.</summary>
/// <param name="Points">The parked points that are meant; none for all.</param>
/// <param name="Reason">Why, for the audit log.</param>
public sealed record RetryRequest(IReadOnlyList<string>? Points = null, string? Reason = null);

/// <summary>A request that was recorded.</summary>
/// <param name="Rollout">The rollout.</param>
/// <param name="Kind">What was asked.</param>
/// <param name="Sequence">Its sequence, which <see cref="Core.Rollouts.Rollout.RequestsSeen"/> of the rollout reaches once it is taken into account.</param>
public sealed record RequestView(string Rollout, RequestKind Kind, long Sequence);
