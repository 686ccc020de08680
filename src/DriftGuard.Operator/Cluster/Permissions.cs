using DriftGuard.Operator.Resources;

namespace DriftGuard.Operator.Cluster;

/// <summary>What the operator has to be let do in a cluster, and nothing that it has not: the chart's roles are held to it.</summary>
internal static class Permissions
{
    /// <summary>By API group, resource and verbs.</summary>
    public static IReadOnlyList<(string Group, string Resource, string[] Verbs)> All { get; } =
    [
        .. ResourceKind.All.Select(kind => (ResourceKind.Group, kind.Plural, VerbsOf(kind))),
        .. ResourceKind.All.Select(kind => (ResourceKind.Group, $"{kind.Plural}/status", new[] { "patch" })),
        ("", "events", ["get", "create", "patch"]),
        ("coordination.k8s.io", "leases", ["get", "create", "update"]),
    ];

    // Of an EmbeddingIndex the finalizer is set and taken away; a Rollout is made. No other resource is ever changed beside its status.
    private static string[] VerbsOf(ResourceKind kind) =>
        kind == ResourceKind.EmbeddingIndex ? ["get", "list", "watch", "patch"]
        : kind == ResourceKind.Rollout ? ["get", "list", "watch", "create"]
        : ["get", "list", "watch"];
}
