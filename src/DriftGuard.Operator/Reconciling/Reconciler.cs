using DriftGuard.Core.Drift;
using DriftGuard.Operator.Cluster;
using DriftGuard.Operator.Installations;
using DriftGuard.Operator.Resources;
using DriftGuard.Worker;

namespace DriftGuard.Operator.Reconciling;

/// <summary>Looks at one resource of its kind, and does what follows.</summary>
internal interface IReconciler
{
    /// <summary>The kind.</summary>
    ResourceKind Kind { get; }

    /// <summary>Looks at a resource once. It may be called again at any time, also where it was cut off in its middle.</summary>
    /// <returns>After which time it is to be looked at again; null where it is gone.</returns>
    /// <exception cref="ClusterException">The cluster did not do something.</exception>
    /// <exception cref="UnreachableException">The installation could not be asked in the middle of acting.</exception>
    Task<TimeSpan?> ReconcileAsync(ResourceKey key, CancellationToken cancellation);
}

/// <summary>
/// Observe, decide, act: reads the resource and what belongs to it, hands that to a pure function, writes what is said of it, tells what happened, and does what
/// is to be done. It remembers nothing from one time to the next.
/// </summary>
internal abstract class Reconciler<TResource, TSpec, TStatus>(ICluster cluster, IInstallation installation, TimeProvider time) : IReconciler
    where TResource : Resource<TSpec, TStatus>
    where TSpec : class, new()
    where TStatus : ResourceStatus, new()
{
    public ResourceKind Kind { get; } = ResourceKind.Of(typeof(TSpec));

    protected ICluster Cluster => cluster;

    protected IInstallation Installation => installation;

    public async Task<TimeSpan?> ReconcileAsync(ResourceKey key, CancellationToken cancellation)
    {
        if (await cluster.FindAsync<TResource>(key, cancellation) is not { } resource)
        {
            return null;
        }

        var now = Pace.WholeSeconds(time.GetUtcNow());
        var decision = await DecideAsync(resource, now, cancellation);
        resource = await SayAsync(resource, decision.Status, cancellation);
        foreach (var action in decision.Actions)
        {
            try
            {
                resource = await ActAsync(resource, action, cancellation);
            }
            catch (OperatorException refused)
            {
                await SayAsync(resource, Wishes.Refused(resource.Status, action, resource.Generation, refused.Message, now), cancellation);
                return Pace.AtOnce;
            }

            if (Story.Of(action) is { } told)
            {
                await cluster.TellAsync(key, resource.Metadata, told, cancellation);
            }
        }

        return decision.Again;
    }

    /// <summary>Observes and decides.</summary>
    protected abstract Task<Decision<TStatus>> DecideAsync(TResource resource, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>What is said once an action is done; the same as before unless it matters.</summary>
    protected virtual TStatus Done(TResource resource, OperatorAction action, DriftReport? report) => resource.Status;

    /// <summary>Reads something of the installation; or why it cannot be asked.</summary>
    protected static async Task<(T? Value, string? Unreachable)> TryAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return (await read(), null);
        }
        catch (UnreachableException failure)
        {
            return (default, failure.Message);
        }
        catch (OperatorException failure)
        {
            // Something went between two answers: the next look sees what it is now.
            return (default, failure.Message);
        }
    }

    private async Task<TResource> ActAsync(TResource resource, OperatorAction action, CancellationToken cancellation)
    {
        switch (action)
        {
            case OperatorAction.HoldFinalizer:
                return await HoldAsync(resource, [.. resource.Metadata.Finalizers ?? [], EmbeddingIndex.Finalizer], cancellation);
            case OperatorAction.ReleaseFinalizer:
                return await HoldAsync(resource, [.. (resource.Metadata.Finalizers ?? []).Where(finalizer => finalizer != EmbeddingIndex.Finalizer)], cancellation);
            case OperatorAction.DeclareRollout(var rollout):
                await DeclareAsync(rollout, cancellation);
                return resource;
            default:
                var report = await installation.ActAsync(action, cancellation);
                return await SayAsync(resource, Done(resource, action, report), cancellation);
        }
    }

    private async Task DeclareAsync(Rollout rollout, CancellationToken cancellation)
    {
        if (await cluster.CreateAsync(rollout, cancellation))
        {
            return;
        }

        var owner = rollout.Metadata.OwnerReferences[0].Uid;
        if (await cluster.FindAsync<Rollout>(rollout.Key, cancellation) is { } there && there.Metadata.OwnerReferences?.Any(reference => reference.Uid == owner) != true)
        {
            throw new OperatorException(OperatorError.Conflict, $"there is a Rollout '{rollout.Metadata.Name}' already, and it belongs to another resource");
        }
    }

    private async Task<TResource> HoldAsync(TResource resource, IReadOnlyList<string> finalizers, CancellationToken cancellation)
    {
        resource.Metadata.ResourceVersion = await cluster.PatchFinalizersAsync(resource.Key, resource.Metadata.ResourceVersion, finalizers, cancellation);
        return resource;
    }

    /// <summary>Writes what is said where it is something else than before, and then tells what that means.</summary>
    private async Task<TResource> SayAsync(TResource resource, TStatus status, CancellationToken cancellation)
    {
        var before = resource.Status;
        if (OperatorJson.AreEqual(before, status))
        {
            return resource;
        }

        resource.Metadata.ResourceVersion = await cluster.PatchStatusAsync(resource.Key, resource.Metadata.ResourceVersion, OperatorJson.PatchOf(before, status), cancellation);
        foreach (var told in Story.Between(before, status))
        {
            await cluster.TellAsync(resource.Key, resource.Metadata, told, cancellation);
        }

        return resource with { Status = status };
    }
}
