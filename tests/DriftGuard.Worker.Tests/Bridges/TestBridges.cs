using DriftGuard.Core.Embedding;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Retrieval.Bridges;
using DriftGuard.Embedding;
using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Tests.Rollouts;
using Microsoft.Extensions.DependencyInjection;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Bridges;

/// <summary>Bridges that are there at once, whatever they are worth, and models that are gone.</summary>
internal static class TestBridges
{
    /// <summary>What its provider says of a model that it has retired.</summary>
    public const string Retired = "the model was retired";

    /// <summary>From now on the provider of the old model refuses it.</summary>
    public static void RetireOld(this RolloutWorld world) => world.Old.Before = _ => throw new EmbeddingProviderException("http://provider", Retired) { Status = 404 };

    /// <summary>Puts a bridge from the new model into use.</summary>
    public static async Task<Bridge> BridgeAsync(this RolloutWorld world, TimeSpan? longest = null)
    {
        var random = new Random(1);
        var (from, to) = (world.New.Spec.Dimensions, world.Old.Spec.Dimensions);
        var map = new AffineMap(
            [.. Enumerable.Range(0, to).Select(_ => Enumerable.Range(0, from).Select(_ => (float)(random.NextDouble() - .5)).ToArray())],
            [.. Enumerable.Range(0, to).Select(_ => (float)(random.NextDouble() - .5))]);
        var now = world.Time.GetUtcNow();
        var report = new BridgeReport
        {
            Id = $"bridge-{Guid.NewGuid():N}",
            Index = IndexName,
            Collection = await world.ServedByAsync(),
            Vector = "",
            OldModel = world.Old.Spec.Name,
            Fingerprint = world.Old.Fingerprint.Id,
            Model = world.New.Spec.Name,
            ModelFingerprint = world.New.Fingerprint.Id,
            At = now,
            Until = now + (longest ?? TimeSpan.FromDays(30)),
            Kind = MapKind.Ridge,
            From = from,
            To = to,
            Unit = true,
            Distance = VectorDistance.Cosine,
            Digest = "",
            Pairs = BridgeRule.LeastPairs,
            Seed = 1,
            CalibrationSet = Set,
            Metric = BridgeRule.Metric.Name,
            Choosing = 0,
            Candidates = [],
            OldMean = 0,
            BridgeMean = 0,
            Verdict = BridgeVerdict.Serves,
            Decision = MatchesOrBeatsRule.Compare([], [], [], new()),
        };
        report = report with { Digest = Bridge.DigestOf(report, Bridge.Write(map)) };
        await world.Services.GetRequiredService<BridgeStore>().AddAsync(report, map, Cancellation);
        world.Services.GetRequiredService<ActiveBridges>().Forget();
        return new(report, map);
    }
}
