using System.Text.Json.Nodes;
using DriftGuard.Operator.Reconciling;
using DriftGuard.Operator.Resources;
using k8s.Models;

namespace DriftGuard.Operator.Cluster;

/// <summary>What the operator does in the cluster. There is nothing here that could write a spec.</summary>
internal interface ICluster
{
    /// <summary>A resource; null where there is none.</summary>
    Task<T?> FindAsync<T>(ResourceKey key, CancellationToken cancellation)
        where T : class;

    /// <summary>The resources of a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="space">The namespace; null for all that are looked after.</param>
    /// <param name="selector">Labels they must have; null for any.</param>
    /// <param name="cancellation">Cancels.</param>
    Task<IReadOnlyList<T>> ListAsync<T>(ResourceKind kind, string? space, string? selector, CancellationToken cancellation)
        where T : class;

    /// <summary>Changes what is said of a resource.</summary>
    /// <param name="key">The resource.</param>
    /// <param name="version">The version of it that was looked at: of another one nothing is changed.</param>
    /// <param name="patch">What changes of its status.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The version after that.</returns>
    /// <exception cref="ClusterException">It has changed since, is gone, or the cluster cannot be asked.</exception>
    Task<string> PatchStatusAsync(ResourceKey key, string version, JsonObject patch, CancellationToken cancellation);

    /// <summary>Changes what holds a resource back from its deletion.</summary>
    /// <returns>The version after that.</returns>
    /// <exception cref="ClusterException">It has changed since, is gone, or the cluster cannot be asked.</exception>
    Task<string> PatchFinalizersAsync(ResourceKey key, string version, IReadOnlyList<string> finalizers, CancellationToken cancellation);

    /// <summary>Makes a Rollout; false where there is one of that name.</summary>
    Task<bool> CreateAsync(Rollout rollout, CancellationToken cancellation);

    /// <summary>Tells what happened; the same thing again is counted.</summary>
    Task TellAsync(ResourceKey key, V1ObjectMeta about, ResourceEvent what, CancellationToken cancellation);
}

/// <summary>Why the cluster did not do something.</summary>
internal enum ClusterError
{
    /// <summary>The resource has changed since it was looked at.</summary>
    Conflict,

    /// <summary>It is gone.</summary>
    NotFound,

    /// <summary>The cluster does not take it as it is.</summary>
    Invalid,

    /// <summary>The cluster cannot be asked, or wants to be asked later.</summary>
    Unavailable,
}

/// <summary>Something that the cluster did not do.</summary>
/// <param name="error">Why.</param>
/// <param name="message">For people.</param>
/// <param name="inner">What lies below.</param>
internal sealed class ClusterException(ClusterError error, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public ClusterError Error { get; } = error;
}
