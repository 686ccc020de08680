using DriftGuard.Operator.Resources;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Models;

namespace DriftGuard.Operator.Reconciling;

/// <summary>What was seen of a model.</summary>
/// <param name="Resource">What is declared.</param>
/// <param name="Installed">The model of that name in the installation; null where there is none.</param>
/// <param name="Unreachable">Why the installation could not be asked; null where it was.</param>
internal sealed record ModelSeen(EmbeddingModel Resource, ModelView? Installed, string? Unreachable = null);

/// <summary>Decides what is said of models: nothing is ever done to them.</summary>
internal static class ModelDecider
{
    public static Decision<EmbeddingModelStatus> Decide(ModelSeen seen, DateTimeOffset now)
    {
        var (resource, installed) = (seen.Resource, seen.Installed);
        var conditions = resource.Said(now);
        if (seen.Unreachable is { } why)
        {
            return new(resource.Status with { Conditions = conditions.IsReconciling(Reasons.Unreachable, why).ToList() }, [], Pace.UnderWay);
        }

        Judge(conditions, resource, installed);
        return new(
            new()
            {
                ObservedGeneration = resource.Generation,
                Name = resource.ModelName,
                Fingerprint = installed?.Fingerprint,
                Dimensions = installed?.Dimensions,
                Provider = installed?.Provider,
                Conditions = conditions.ToList(),
            },
            [],
            Pace.Settled);
    }

    private static void Judge(ConditionList conditions, EmbeddingModel resource, ModelView? installed) => _ = (installed, resource.Spec.Fingerprint) switch
    {
        (null, _) => conditions.IsStalled(Reasons.ModelNotFound, $"the installation has no model '{resource.ModelName}': put it below models.roots, or pull it"),
        ({ Problems: [var problem, ..] }, _) => conditions.IsStalled(Reasons.ModelInvalid, problem),
        ({ Fingerprint: null }, _) => conditions.IsStalled(Reasons.ModelInvalid, "its fingerprint cannot be told"),
        ({ Fingerprint: var found }, { } pinned) when found != pinned => conditions.IsStalled(
            Reasons.FingerprintMismatch, $"model '{resource.ModelName}' of the installation has fingerprint {found}, and {pinned} is pinned: it is another model than was declared"),
        ({ Fingerprint: var found }, _) => conditions.IsReady(Reasons.Found, $"fingerprint {found}"),
    };
}

/// <summary>What was seen of a calibration set.</summary>
/// <param name="Resource">What is declared.</param>
/// <param name="Installed">The set of that name in the installation; null where there is none.</param>
/// <param name="Unreachable">Why the installation could not be asked; null where it was.</param>
internal sealed record SetSeen(CalibrationSet Resource, CalibrationSetView? Installed, string? Unreachable = null);

/// <summary>Decides what is said of calibration sets: nothing is ever done to them.</summary>
internal static class SetDecider
{
    private const int MostWarnings = 20;

    public static Decision<CalibrationSetStatus> Decide(SetSeen seen, DateTimeOffset now)
    {
        var (resource, installed) = (seen.Resource, seen.Installed);
        var conditions = resource.Said(now);
        if (seen.Unreachable is { } why)
        {
            return new(resource.Status with { Conditions = conditions.IsReconciling(Reasons.Unreachable, why).ToList() }, [], Pace.UnderWay);
        }

        _ = installed switch
        {
            null => conditions.IsStalled(Reasons.SetNotFound, $"the installation has no calibration set '{resource.SetName}': put it below calibrationSets.roots"),
            { Problem: { } problem } => conditions.IsStalled(Reasons.SetInvalid, problem),
            _ => conditions.IsReady(Reasons.Found, FormattableString.Invariant($"{installed.Queries} queries in {installed.Groups} groups")),
        };
        return new(
            new()
            {
                ObservedGeneration = resource.Generation,
                Name = resource.SetName,
                Queries = installed?.Queries,
                Groups = installed?.Groups,
                Documents = installed?.Documents,
                Pairs = installed?.Pairs,
                Warnings = [.. (installed?.Warnings ?? []).Take(MostWarnings)],
                Conditions = conditions.ToList(),
            },
            [],
            Pace.Settled);
    }
}
