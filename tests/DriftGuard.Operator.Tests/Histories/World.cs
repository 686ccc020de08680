using System.Text.Json;
using System.Text.Json.Nodes;
using DriftGuard.Operator.Cluster;
using DriftGuard.Operator.Installations;
using DriftGuard.Operator.Reconciling;
using DriftGuard.Operator.Resources;
using DriftGuard.Operator.Tests.ApiServer;
using Microsoft.Extensions.Time.Testing;

namespace DriftGuard.Operator.Tests.Histories;

/// <summary>A cluster with an index "docs" under three models, an installation, and an operator that remembers nothing: to restart it is to look again.</summary>
internal sealed class World
{
    public const string Space = "search";

    private readonly IReconciler[] _reconcilers;

    public World(string index = """{"modelRef":{"name":"alpha"},"calibrationSetRef":{"name":"labels"},"rollout":{"approval":"Automatic"}}""")
    {
        Store = new(Time);
        Cluster = new(Store);
        _reconcilers =
        [
            new ModelReconciler(Cluster, Installation, Time), new SetReconciler(Cluster, Installation, Time), new IndexReconciler(Cluster, Installation, Time),
            new RolloutReconciler(Cluster, Installation, Time), new CheckReconciler(Cluster, Installation, Time),
        ];
        foreach (var model in Installation.Models.Keys)
        {
            Make(ResourceKind.EmbeddingModel, model, "{}");
        }

        Make(ResourceKind.CalibrationSet, FakeInstallation.Set, "{}");
        Make(ResourceKind.EmbeddingIndex, "docs", index);
    }

    public FakeTimeProvider Time { get; } = new(new(2026, 11, 30, 0, 0, 0, TimeSpan.Zero));

    public ObjectStore Store { get; }

    public DirectCluster Cluster { get; }

    public FakeInstallation Installation { get; } = new();

    public EmbeddingIndex Index => Read<EmbeddingIndex>(ResourceKind.EmbeddingIndex, "docs");

    public IReadOnlyList<Rollout> Rollouts => [.. Store.List("rollouts", Space).Select(json => json.Deserialize<Rollout>(OperatorJson.Options)!)];

    public void Make(ResourceKind kind, string name, string spec) => Store.Create(kind.Plural, Space, new()
    {
        ["apiVersion"] = ResourceKind.ApiVersion,
        ["kind"] = kind.Kind,
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = JsonNode.Parse(spec),
    });

    /// <summary>A person changes what is declared.</summary>
    public void Patch(ResourceKind kind, string name, string spec) => Store.Patch(kind.Plural, Space, name, new() { ["spec"] = JsonNode.Parse(spec) }, status: false);

    public T Read<T>(ResourceKind kind, string name) => Store.Get(kind.Plural, Space, name).Deserialize<T>(OperatorJson.Options)!;

    /// <summary>The operator looks at one resource; what it throws is what a worker of it survives.</summary>
    public async Task LookAsync(ResourceKind kind, string name)
    {
        try
        {
            await _reconcilers.Single(reconciler => reconciler.Kind == kind).ReconcileAsync(new(kind, Space, name), TestContext.Current.CancellationToken);
        }
        catch (Exception failure) when (failure is ClusterException or UnreachableException)
        {
            // It is looked at again.
        }
    }

    /// <summary>Everything goes on until nothing changes any more.</summary>
    public async Task SettleAsync(int most = 60)
    {
        for (var round = 0; round < most; round++)
        {
            var version = Store.Version;
            foreach (var kind in ResourceKind.All)
            {
                foreach (var resource in Store.List(kind.Plural, Space))
                {
                    await LookAsync(kind, (string)resource["metadata"]!["name"]!);
                }
            }

            var moved = Installation.Step();
            Time.Advance(TimeSpan.FromMinutes(15));
            if (!moved && version == Store.Version && round > 3)
            {
                return;
            }
        }

        throw new InvalidOperationException($"it does not come to rest: {string.Join(" ", Store.List("embeddingindexes", Space).Select(json => json.ToJsonString()))}\n{string.Join('\n', Rollouts.Select(rollout => OperatorJson.ToNode(rollout).ToJsonString()))}");
    }
}

/// <summary>What conditions say.</summary>
internal static class Conditions
{
    /// <summary>A condition in short, such as <c>True InSync</c>.</summary>
    public static string Of(this ResourceStatus status, string type) =>
        status.Conditions.FirstOrDefault(condition => condition.Type == type) is { } condition ? $"{condition.Status} {condition.Reason}" : "none";
}
