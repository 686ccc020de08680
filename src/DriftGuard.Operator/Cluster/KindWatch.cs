using System.Text.Json;
using DriftGuard.Operator.Resources;
using k8s;
using k8s.Autorest;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Operator.Cluster;

/// <summary>
/// Watches the resources of one kind: lists them, then follows what changes. Where the watch is dropped it goes on from the last version that it saw; where the
/// cluster does not know that any more it lists again. Whoever is told looks at the resource itself, so that nothing hangs on a change being told.
/// </summary>
/// <param name="client">Asks the cluster.</param>
/// <param name="kind">The kind.</param>
/// <param name="space">The namespace; null for all.</param>
/// <param name="changed">Is told of each that is there, and of each that changes or goes.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where failures are said.</param>
internal sealed partial class KindWatch(IKubernetes client, ResourceKind kind, string? space, Action<ResourceKey, JsonElement> changed, TimeProvider time, ILogger log)
{
    private const int SecondsOfAWatch = 300;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Watches until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        string? version = null;
        var pause = FirstPause;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                version ??= await ListAsync(cancellation);
                version = await FollowAsync(version, cancellation);
                pause = FirstPause;
                continue;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is HttpOperationException or HttpRequestException or IOException or KubernetesException or JsonException or OperationCanceledException)
            {
                // What was missed meanwhile is found by listing.
                version = null;
                LogDropped(log, kind.Plural, failure.Message);
            }

            await Task.Delay(pause, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task<string> ListAsync(CancellationToken cancellation)
    {
        var answer = await AskAsync(cancellation);
        foreach (var item in answer.GetProperty("items").EnumerateArray())
        {
            Tell(item);
        }

        return answer.GetProperty("metadata").GetProperty("resourceVersion").GetString()!;
    }

    private async Task<string?> FollowAsync(string version, CancellationToken cancellation)
    {
        string? seen = version;
        await foreach (var (type, told) in WatchAsync(version, cancellation).WithCancellation(cancellation))
        {
            if (type == WatchEventType.Error || told is not JsonElement item)
            {
                // Too old, mostly: 410 Gone.
                return null;
            }

            seen = item.GetProperty("metadata").GetProperty("resourceVersion").GetString();
            if (type != WatchEventType.Bookmark)
            {
                Tell(item);
            }
        }

        return seen;
    }

    private void Tell(JsonElement item)
    {
        var metadata = item.GetProperty("metadata");
        changed(new(kind, metadata.GetProperty("namespace").GetString()!, metadata.GetProperty("name").GetString()!), item);
    }

    private Task<JsonElement> AskAsync(CancellationToken cancellation) => space is null
        ? client.CustomObjects.ListClusterCustomObjectAsync<JsonElement>(ResourceKind.Group, ResourceKind.Version, kind.Plural, cancellationToken: cancellation)
        : client.CustomObjects.ListNamespacedCustomObjectAsync<JsonElement>(ResourceKind.Group, ResourceKind.Version, space, kind.Plural, cancellationToken: cancellation);

    private IAsyncEnumerable<(WatchEventType Type, object Item)> WatchAsync(string version, CancellationToken cancellation) => space is null
        ? client.CustomObjects.WatchListClusterCustomObjectAsync(
            ResourceKind.Group, ResourceKind.Version, kind.Plural, allowWatchBookmarks: true, resourceVersion: version, timeoutSeconds: SecondsOfAWatch, cancellationToken: cancellation)
        : client.CustomObjects.WatchListNamespacedCustomObjectAsync(
            ResourceKind.Group, ResourceKind.Version, space, kind.Plural, allowWatchBookmarks: true, resourceVersion: version, timeoutSeconds: SecondsOfAWatch, cancellationToken: cancellation);

    [LoggerMessage(7000, LogLevel.Debug, "The watch of {Kind} was dropped, and is begun again: {Problem}")]
    private static partial void LogDropped(ILogger log, string kind, string problem);
}
