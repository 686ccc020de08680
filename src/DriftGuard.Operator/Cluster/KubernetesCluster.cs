using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DriftGuard.Operator.Reconciling;
using DriftGuard.Operator.Resources;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace DriftGuard.Operator.Cluster;

/// <summary>A cluster by Kubernetes' API.</summary>
/// <param name="client">Asks it.</param>
/// <param name="namespaces">The namespaces that are looked after; none for all.</param>
/// <param name="identity">This process, for events.</param>
/// <param name="time">The clock.</param>
internal sealed class KubernetesCluster(IKubernetes client, IReadOnlyList<string> namespaces, string identity, TimeProvider time) : ICluster
{
    private const string Component = "driftguard-operator";
    private const int LongestNote = 1000;

    public async Task<T?> FindAsync<T>(ResourceKey key, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await AskAsync(async () => Read<T>(await client.CustomObjects.GetNamespacedCustomObjectAsync<JsonElement>(
                ResourceKind.Group, ResourceKind.Version, key.Namespace, key.Kind.Plural, key.Name, cancellation)));
        }
        catch (ClusterException missing) when (missing.Error == ClusterError.NotFound)
        {
            return null;
        }
    }

    public async Task<IReadOnlyList<T>> ListAsync<T>(ResourceKind kind, string? space, string? selector, CancellationToken cancellation)
        where T : class
    {
        var all = new List<T>();
        foreach (var one in space is not null ? [space] : namespaces.Count == 0 ? [null] : namespaces.Cast<string?>())
        {
            var list = await AskAsync(() => one is null
                ? client.CustomObjects.ListClusterCustomObjectAsync<JsonElement>(ResourceKind.Group, ResourceKind.Version, kind.Plural, labelSelector: selector, cancellationToken: cancellation)
                : client.CustomObjects.ListNamespacedCustomObjectAsync<JsonElement>(ResourceKind.Group, ResourceKind.Version, one, kind.Plural, labelSelector: selector, cancellationToken: cancellation));
            all.AddRange(list.GetProperty("items").EnumerateArray().Select(Read<T>));
        }

        return all;
    }

    public Task<string> PatchStatusAsync(ResourceKey key, string version, JsonObject patch, CancellationToken cancellation) => AskAsync(async () => VersionOf(
        await client.CustomObjects.PatchNamespacedCustomObjectStatusAsync<JsonElement>(
            Merge(new() { ["metadata"] = new JsonObject { ["resourceVersion"] = version }, ["status"] = patch }),
            ResourceKind.Group, ResourceKind.Version, key.Namespace, key.Kind.Plural, key.Name, cancellationToken: cancellation)));

    public Task<string> PatchFinalizersAsync(ResourceKey key, string version, IReadOnlyList<string> finalizers, CancellationToken cancellation) => AskAsync(async () => VersionOf(
        await client.CustomObjects.PatchNamespacedCustomObjectAsync<JsonElement>(
            Merge(new() { ["metadata"] = new JsonObject { ["resourceVersion"] = version, ["finalizers"] = new JsonArray([.. finalizers.Select(finalizer => (JsonNode)finalizer)]) } }),
            ResourceKind.Group, ResourceKind.Version, key.Namespace, key.Kind.Plural, key.Name, cancellationToken: cancellation)));

    public async Task<bool> CreateAsync(Rollout rollout, CancellationToken cancellation)
    {
        try
        {
            var made = OperatorJson.ToNode(rollout);
            made.Remove("status");
            await AskAsync(() => client.CustomObjects.CreateNamespacedCustomObjectAsync<JsonElement>(
                made, ResourceKind.Group, ResourceKind.Version, rollout.Metadata.NamespaceProperty, ResourceKind.Rollout.Plural, cancellationToken: cancellation));
            return true;
        }
        catch (ClusterException there) when (there.Error == ClusterError.Conflict)
        {
            return false;
        }
    }

    public async Task TellAsync(ResourceKey key, V1ObjectMeta about, ResourceEvent what, CancellationToken cancellation)
    {
        var note = what.Note.Length > LongestNote ? what.Note[..LongestNote] : what.Note;
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{about.Uid}\n{what.Reason}\n{note}")).AsSpan(0, 8));
        var name = $"{key.Name}.{digest}";
        var now = time.GetUtcNow().UtcDateTime;
        try
        {
            try
            {
                await AskAsync(() => client.CoreV1.CreateNamespacedEventAsync(EventOf(key, about, what, note, name, now), key.Namespace, cancellationToken: cancellation));
            }
            catch (ClusterException told) when (told.Error == ClusterError.Conflict)
            {
                await CountAsync(key, name, now, cancellation);
            }
        }
        catch (ClusterException)
        {
            // An event that cannot be written holds nothing up: what is so stands in the status.
        }
    }

    /// <summary>The same thing has happened again.</summary>
    private async Task CountAsync(ResourceKey key, string name, DateTime now, CancellationToken cancellation)
    {
        var told = await AskAsync(() => client.CoreV1.ReadNamespacedEventAsync(name, key.Namespace, cancellationToken: cancellation));
        var patch = new JsonObject
        {
            ["count"] = (told.Count ?? 1) + 1,
            ["lastTimestamp"] = now.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        };
        await AskAsync(() => client.CoreV1.PatchNamespacedEventAsync(Merge(patch), name, key.Namespace, cancellationToken: cancellation));
    }

    private Corev1Event EventOf(ResourceKey key, V1ObjectMeta about, ResourceEvent what, string note, string name, DateTime now) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = key.Namespace },
        InvolvedObject = new V1ObjectReference
        {
            ApiVersion = ResourceKind.ApiVersion,
            Kind = key.Kind.Kind,
            Name = key.Name,
            NamespaceProperty = key.Namespace,
            Uid = about.Uid,
        },
        Type = what.IsWarning ? "Warning" : "Normal",
        Reason = what.Reason,
        Message = note,
        Source = new V1EventSource { Component = Component },
        ReportingComponent = Component,
        ReportingInstance = identity,
        FirstTimestamp = now,
        LastTimestamp = now,
        Count = 1,
    };

    private static V1Patch Merge(JsonObject patch) => new(patch.ToJsonString(), V1Patch.PatchType.MergePatch);

    private static T Read<T>(JsonElement json) => json.Deserialize<T>(OperatorJson.Options) ?? throw new ClusterException(ClusterError.Unavailable, "the cluster answered with nothing");

    private static string VersionOf(JsonElement json) => json.GetProperty("metadata").GetProperty("resourceVersion").GetString()!;

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (HttpOperationException refused)
        {
            throw new ClusterException(ErrorOf(refused.Response.StatusCode), $"{(int)refused.Response.StatusCode}: {refused.Response.Content}", refused);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or JsonException)
        {
            throw new ClusterException(ClusterError.Unavailable, failure.Message, failure);
        }
    }

    private static ClusterError ErrorOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Conflict => ClusterError.Conflict,
        HttpStatusCode.NotFound => ClusterError.NotFound,
        HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest => ClusterError.Invalid,
        _ => ClusterError.Unavailable,
    };
}
