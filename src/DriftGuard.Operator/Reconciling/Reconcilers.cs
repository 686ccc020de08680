using DriftGuard.Core.Drift;
using DriftGuard.Operator.Cluster;
using DriftGuard.Operator.Installations;
using DriftGuard.Operator.Resources;
using Installed = DriftGuard.Core.Rollouts.Rollout;

namespace DriftGuard.Operator.Reconciling;

/// <summary>Looks at models.</summary>
internal sealed class ModelReconciler(ICluster cluster, IInstallation installation, TimeProvider time)
    : Reconciler<EmbeddingModel, EmbeddingModelSpec, EmbeddingModelStatus>(cluster, installation, time)
{
    protected override async Task<Decision<EmbeddingModelStatus>> DecideAsync(EmbeddingModel resource, DateTimeOffset now, CancellationToken cancellation)
    {
        var (model, unreachable) = await TryAsync(() => Installation.ModelAsync(resource.ModelName, cancellation));
        return ModelDecider.Decide(new(resource, model, unreachable), now);
    }
}

/// <summary>Looks at calibration sets.</summary>
internal sealed class SetReconciler(ICluster cluster, IInstallation installation, TimeProvider time)
    : Reconciler<CalibrationSet, CalibrationSetSpec, CalibrationSetStatus>(cluster, installation, time)
{
    protected override async Task<Decision<CalibrationSetStatus>> DecideAsync(CalibrationSet resource, DateTimeOffset now, CancellationToken cancellation)
    {
        var (set, unreachable) = await TryAsync(() => Installation.SetAsync(resource.SetName, cancellation));
        return SetDecider.Decide(new(resource, set, unreachable), now);
    }
}

/// <summary>Looks at indexes.</summary>
internal sealed class IndexReconciler(ICluster cluster, IInstallation installation, TimeProvider time)
    : Reconciler<EmbeddingIndex, EmbeddingIndexSpec, EmbeddingIndexStatus>(cluster, installation, time)
{
    protected override async Task<Decision<EmbeddingIndexStatus>> DecideAsync(EmbeddingIndex resource, DateTimeOffset now, CancellationToken cancellation)
    {
        var space = resource.Metadata.NamespaceProperty;
        var (model, set) = (resource.Spec.ModelRef.Name, resource.Spec.CalibrationSetRef?.Name);
        var declared = await Cluster.ListAsync<Rollout>(ResourceKind.Rollout, space, $"{Rollout.IndexLabel}={resource.Metadata.Name}", cancellation);
        var seen = new IndexSeen(resource)
        {
            Model = await Cluster.FindAsync<EmbeddingModel>(new(ResourceKind.EmbeddingModel, space, model), cancellation),
            Set = set is null ? null : await Cluster.FindAsync<CalibrationSet>(new(ResourceKind.CalibrationSet, space, set), cancellation),
            ClaimedBy = ClaimOn(resource, await Cluster.ListAsync<EmbeddingIndex>(ResourceKind.EmbeddingIndex, null, null, cancellation)),
            Declared = [.. declared.Where(rollout => !rollout.IsDeleted && rollout.Metadata.OwnerReferences?.Any(owner => owner.Uid == resource.Metadata.Uid) == true)],
        };
        // Rollouts first: one that is over when they are read has left the index as it is read after them.
        var (rollouts, unreachable) = await TryAsync(() => Installation.RolloutsAsync(resource.IndexName, cancellation));
        var (index, alsoUnreachable) = await TryAsync(() => Installation.IndexAsync(resource.IndexName, cancellation));
        return IndexDecider.Decide(seen with { Rollouts = rollouts ?? [], Index = index, Unreachable = unreachable ?? alsoUnreachable }, now);
    }

    /// <summary>The oldest of those that declare the same index has it.</summary>
    private static string? ClaimOn(EmbeddingIndex resource, IReadOnlyList<EmbeddingIndex> all) =>
        all.Where(other => other.IndexName == resource.IndexName && other.Metadata.Uid != resource.Metadata.Uid && Order(other).CompareTo(Order(resource)) < 0)
            .Select(other => $"EmbeddingIndex {other.Metadata.NamespaceProperty}/{other.Metadata.Name}").FirstOrDefault();

    private static (DateTime, string) Order(EmbeddingIndex index) => (index.Metadata.CreationTimestamp ?? DateTime.MinValue, $"{index.Metadata.NamespaceProperty}/{index.Metadata.Name}");
}

/// <summary>Looks at rollouts.</summary>
internal sealed class RolloutReconciler(ICluster cluster, IInstallation installation, TimeProvider time)
    : Reconciler<Rollout, RolloutSpec, RolloutStatus>(cluster, installation, time)
{
    protected override async Task<Decision<RolloutStatus>> DecideAsync(Rollout resource, DateTimeOffset now, CancellationToken cancellation)
    {
        var index = await Cluster.FindAsync<EmbeddingIndex>(new(ResourceKind.EmbeddingIndex, resource.Metadata.NamespaceProperty, resource.Spec.IndexRef.Name), cancellation);
        var seen = new RolloutSeen(resource) { Index = index };
        if (index is null)
        {
            return RolloutDecider.Decide(seen, now);
        }

        var (rollouts, unreachable) = await TryAsync(() => Installation.RolloutsAsync(index.IndexName, cancellation));
        Installed? mine = rollouts?.FirstOrDefault(rollout => RolloutDecider.IsThe(resource, rollout));
        var (view, alsoUnreachable) = mine is null ? default : await TryAsync(() => Installation.RolloutAsync(mine.Id, cancellation));
        return RolloutDecider.Decide(
            seen with
            {
                Installed = view,
                IsFollowed = mine is not null && rollouts![^1].Id != mine.Id,
                Other = rollouts?.FirstOrDefault(rollout => rollout.EndedAt is null && rollout.Id != mine?.Id),
                Unreachable = unreachable ?? alsoUnreachable,
            },
            now);
    }

    protected override RolloutStatus Done(Rollout resource, OperatorAction action, DriftReport? report) => action is OperatorAction.AskRollout { Kind: var kind }
        ? resource.Status with { LastRequest = new() { Kind = kind.ToString(), Generation = resource.Generation } }
        : resource.Status;
}

/// <summary>Looks at checks.</summary>
internal sealed class CheckReconciler(ICluster cluster, IInstallation installation, TimeProvider time)
    : Reconciler<DriftCheck, DriftCheckSpec, DriftCheckStatus>(cluster, installation, time)
{
    private readonly TimeProvider time = time;

    protected override async Task<Decision<DriftCheckStatus>> DecideAsync(DriftCheck resource, DateTimeOffset now, CancellationToken cancellation)
    {
        var index = await Cluster.FindAsync<EmbeddingIndex>(new(ResourceKind.EmbeddingIndex, resource.Metadata.NamespaceProperty, resource.Spec.IndexRef.Name), cancellation);
        var (found, unreachable) = index is null ? default : await TryAsync(() => Installation.IndexAsync(index.IndexName, cancellation));
        return CheckDecider.Decide(new(resource, index, found, unreachable), now);
    }

    protected override DriftCheckStatus Done(DriftCheck resource, OperatorAction action, DriftReport? report) => report is not null && action is OperatorAction.CheckDrift { ScheduledFor: var at }
        ? CheckDecider.Checked(resource, resource.Status, report, at, Pace.WholeSeconds(time.GetUtcNow()))
        : resource.Status;
}
