using System.Text.Json;
using System.Text.Json.Nodes;
using DriftGuard.Operator.Cluster;
using DriftGuard.Operator.Reconciling;
using DriftGuard.Operator.Resources;
using DriftGuard.Operator.Tests.ApiServer;
using k8s.Models;

namespace DriftGuard.Operator.Tests.Histories;

/// <summary>The objects of the test API server without the way over HTTP, for thousands of histories.</summary>
internal sealed class DirectCluster(ObjectStore store) : ICluster
{
    /// <summary>Fails before a call, or after it is done.</summary>
    public Action<string> Fault { get; set; } = _ => { };

    /// <summary>What was told.</summary>
    public List<ResourceEvent> Told { get; } = [];

    public Task<T?> FindAsync<T>(ResourceKey key, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return Ask(() => Read<T>(store.Get(key.Kind.Plural, key.Namespace, key.Name)))!;
        }
        catch (ClusterException missing) when (missing.Error == ClusterError.NotFound)
        {
            return Task.FromResult<T?>(null);
        }
    }

    public Task<IReadOnlyList<T>> ListAsync<T>(ResourceKind kind, string? space, string? selector, CancellationToken cancellation)
        where T : class => Ask<IReadOnlyList<T>>(() => [.. store.List(kind.Plural, space, selector).Select(Read<T>)]);

    public Task<string> PatchStatusAsync(ResourceKey key, string version, JsonObject patch, CancellationToken cancellation) =>
        Ask(() => VersionOf(store.Patch(key.Kind.Plural, key.Namespace, key.Name, new() { ["metadata"] = new JsonObject { ["resourceVersion"] = version }, ["status"] = patch }, status: true)));

    public Task<string> PatchFinalizersAsync(ResourceKey key, string version, IReadOnlyList<string> finalizers, CancellationToken cancellation) => Ask(() => VersionOf(store.Patch(
        key.Kind.Plural, key.Namespace, key.Name,
        new() { ["metadata"] = new JsonObject { ["resourceVersion"] = version, ["finalizers"] = new JsonArray([.. finalizers.Select(finalizer => (JsonNode)finalizer)]) } }, status: false)));

    public async Task<bool> CreateAsync(Rollout rollout, CancellationToken cancellation)
    {
        try
        {
            await Ask(() => store.Create(ResourceKind.Rollout.Plural, rollout.Metadata.NamespaceProperty, OperatorJson.ToNode(rollout)));
            return true;
        }
        catch (ClusterException there) when (there.Error == ClusterError.Conflict)
        {
            return false;
        }
    }

    public Task TellAsync(ResourceKey key, V1ObjectMeta about, ResourceEvent what, CancellationToken cancellation)
    {
        Told.Add(what);
        return Task.CompletedTask;
    }

    private Task<T> Ask<T>(Func<T> ask)
    {
        Fault("before");
        try
        {
            var answer = ask();
            Fault("after");
            return Task.FromResult(answer);
        }
        catch (ApiRefusal refusal)
        {
            throw new ClusterException(refusal.Status switch
            {
                404 => ClusterError.NotFound,
                409 => ClusterError.Conflict,
                _ => ClusterError.Invalid,
            }, refusal.Message);
        }
    }

    private static T Read<T>(JsonObject json) => json.Deserialize<T>(OperatorJson.Options)!;

    private static string VersionOf(JsonObject json) => (string)json["metadata"]!["resourceVersion"]!;
}
