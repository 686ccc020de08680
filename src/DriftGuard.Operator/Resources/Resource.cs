using k8s.Models;

namespace DriftGuard.Operator.Resources;

/// <summary>A custom resource of DriftGuard, as it is read.</summary>
/// <typeparam name="TSpec">What people declare; nothing here ever writes it.</typeparam>
/// <typeparam name="TStatus">What was observed.</typeparam>
internal record Resource<TSpec, TStatus>
    where TSpec : class, new()
    where TStatus : ResourceStatus, new()
{
    /// <summary>Group and version.</summary>
    public string ApiVersion { get; init; } = ResourceKind.ApiVersion;

    /// <summary>The kind.</summary>
    public string Kind { get; init; } = ResourceKind.Of(typeof(TSpec)).Kind;

    /// <summary>Name, namespace, generation, finalizers.</summary>
    public V1ObjectMeta Metadata { get; init; } = new();

    /// <summary>What is declared.</summary>
    public TSpec Spec { get; init; } = new();

    /// <summary>What was observed; empty before the first time.</summary>
    public TStatus Status { get; init; } = new();

    /// <summary>The generation of what is declared.</summary>
    public long Generation => Metadata.Generation ?? 0;

    /// <summary>Whether somebody has deleted it, and it waits for its finalizers.</summary>
    public bool IsDeleted => Metadata.DeletionTimestamp is not null;

    /// <summary>Its conditions, to be put together anew.</summary>
    /// <param name="now">The time, in whole seconds.</param>
    public ConditionList Said(DateTimeOffset now) => new(Status.Conditions, Generation, now);

    /// <summary>What events, logs and other resources call it.</summary>
    public ResourceKey Key => new(ResourceKind.Of(typeof(TSpec)), Metadata.NamespaceProperty, Metadata.Name);
}

/// <summary>Which resource is meant.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
internal readonly record struct ResourceKey(ResourceKind Kind, string Namespace, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind.Kind} {Namespace}/{Name}";
}

/// <summary>A reference to another resource of the same namespace.</summary>
internal sealed record Reference
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";
}
