using DriftGuard.Core.Drift;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Api;

namespace DriftGuard.Operator.Reconciling;

/// <summary>Something to do, in the cluster or in the installation.</summary>
internal abstract record OperatorAction
{
    private OperatorAction()
    {
    }

    /// <summary>What stands for this act whoever does it again: the same decision on the same resource is one act.</summary>
    public string Key { get; init; } = "";

    /// <summary>What it is called, where it was refused.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>Holds the resource back from its deletion.</summary>
    public sealed record HoldFinalizer : OperatorAction;

    /// <summary>Lets the resource go.</summary>
    public sealed record ReleaseFinalizer : OperatorAction;

    /// <summary>Makes an index, or puts a collection under DriftGuard.</summary>
    public sealed record CreateIndex(CreateIndexRequest Request) : OperatorAction;

    /// <summary>Says which calibration set decides.</summary>
    public sealed record SetCalibrationSet(string Index, string Set) : OperatorAction;

    /// <summary>Forgets an index and deletes its collections.</summary>
    public sealed record DeleteIndex(string Index) : OperatorAction;

    /// <summary>Makes a Rollout in the cluster; one that is there already is left as it is.</summary>
    public sealed record DeclareRollout(Resources.Rollout Rollout) : OperatorAction;

    /// <summary>Starts a rollout in the installation.</summary>
    public sealed record StartRollout(string Index, StartRequest Request) : OperatorAction;

    /// <summary>Asks something of a rollout in the installation.</summary>
    public sealed record AskRollout(string Id, RequestKind Kind, string? Reason) : OperatorAction
    {
        public override string Name => Kind.ToString();
    }

    /// <summary>Checks an index for drift.</summary>
    public sealed record CheckDrift(string Index, IReadOnlyList<Detector> Detectors, DateTimeOffset? ScheduledFor) : OperatorAction;
}
