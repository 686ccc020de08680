using System.Text.Json;
using System.Text.Json.Nodes;
using DriftGuard.Operator.Hosting;
using DriftGuard.Operator.Installations;
using DriftGuard.Operator.Resources;
using DriftGuard.Operator.Tests.ApiServer;
using k8s;
using Microsoft.Extensions.Logging.Abstractions;

namespace DriftGuard.Operator.Tests.Hosting;

/// <summary>An operator that runs against a test API server, with a lease of its own, until it is disposed.</summary>
internal sealed class RunningOperator : IAsyncDisposable
{
    // Protection against hanging.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Kubernetes _client;
    private readonly Task _running;

    private RunningOperator(TestApiServer server, IInstallation installation, string identity, string lease, TimeProvider time)
    {
        _client = new(server.Configuration);
        var settings = new OperatorSettings
        {
            LeaseNamespace = "search",
            LeaseName = lease,
            Identity = identity,
            LeaseDuration = TimeSpan.FromSeconds(3),
        };
        Loop = new(_client, installation, settings, time, NullLogger<OperatorLoop>.Instance);
        _running = Loop.RunAsync(_stopping.Token);
    }

    public OperatorLoop Loop { get; }

    public static RunningOperator Start(TestApiServer server, IInstallation installation, string identity = "one", string lease = "driftguard-operator", TimeProvider? time = null) =>
        new(server, installation, identity, lease, time ?? new QuickTime(20));

    /// <summary>Waits until something is so, as people do: by looking.</summary>
    public static async Task UntilAsync(Func<bool> holds, Func<string> otherwise)
    {
        var end = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            (TimeProvider.System.GetElapsedTime(end) < Longest).ShouldBeTrue(otherwise());
            await Task.Delay(Poll, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Kills it: it says nothing to anybody.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
        _stopping.Dispose();
    }
}

/// <summary>People at a test API server.</summary>
internal static class People
{
    public const string Space = "search";

    public static void Make(this TestApiServer server, ResourceKind kind, string name, string spec) => server.Store.Create(kind.Plural, Space, new()
    {
        ["apiVersion"] = ResourceKind.ApiVersion,
        ["kind"] = kind.Kind,
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = JsonNode.Parse(spec),
    });

    public static void Patch(this TestApiServer server, ResourceKind kind, string name, string spec) =>
        server.Store.Patch(kind.Plural, Space, name, new() { ["spec"] = JsonNode.Parse(spec) }, status: false);

    public static T Read<T>(this TestApiServer server, ResourceKind kind, string name) => server.Store.Get(kind.Plural, Space, name).Deserialize<T>(OperatorJson.Options)!;

    public static IReadOnlyList<T> List<T>(this TestApiServer server, ResourceKind kind) => [.. server.Store.List(kind.Plural, Space).Select(json => json.Deserialize<T>(OperatorJson.Options)!)];

    /// <summary>The reasons of the events of a resource.</summary>
    public static IReadOnlyList<string> Story(this TestApiServer server, ResourceKind kind, string name) =>
        [.. server.Store.List("events", Space).Where(told => (string)told["involvedObject"]!["kind"]! == kind.Kind && (string)told["involvedObject"]!["name"]! == name)
            .OrderBy(told => told["metadata"]!["resourceVersion"]!.GetValue<string>().Length).ThenBy(told => (string)told["metadata"]!["resourceVersion"]!, StringComparer.Ordinal).Select(told => (string)told["reason"]!)];
}
