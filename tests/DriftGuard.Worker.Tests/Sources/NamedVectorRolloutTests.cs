using System.Globalization;
using DriftGuard.Core.Indexes;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Tests.Rollouts;
using Microsoft.Extensions.DependencyInjection;
using Qdrant.Client.Grpc;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;
using PointId = DriftGuard.Core.Points.PointId;

namespace DriftGuard.Worker.Tests.Sources;

/// <summary>An index whose model owns one of several vectors: the others are another model's, and stay as they are.</summary>
public sealed class NamedVectorRolloutTests
{
    private const string Collection = "by-hand";
    private const string Own = "text";
    private const string Other = "image";
    private const int Documents = 300;

    [Fact]
    public async Task The_vector_of_the_model_is_made_anew_and_the_others_are_carried_bit_by_bit()
    {
        await using var world = await WithNamedVectorsAsync();

        var rollout = await world.RunAsync(await world.StartAsync(Quick with { Preflight = true }));

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        var (blue, green) = (await ReadAsync(world, rollout.Blue), await ReadAsync(world, rollout.Green));
        green.Select(p => (p.Key, p.Value.Other)).ShouldBe(blue.Select(p => (p.Key, p.Value.Other)));
        green.Values.ShouldAllBe(point => point.Own.Length == world.New.Spec.Dimensions);
        blue.Values.Count(point => point.Other is null).ShouldBe(1, "a point may lack a vector");
        var schema = (await world.Qdrant.FindCollectionAsync(rollout.Green, Cancellation))!.Vectors;
        schema[Own].Size.ShouldBe(world.New.Spec.Dimensions);
        schema[Other].ShouldBe((await world.Qdrant.FindCollectionAsync(rollout.Blue, Cancellation))!.Vectors[Other]);
    }

    [Fact]
    public async Task A_change_of_another_models_vector_alone_is_caught_up_with()
    {
        await using var world = await WithNamedVectorsAsync();
        var (started, changed, carried) = (await world.StartAsync(), false, 0L);

        var rollout = await world.RunAsync(started, onDecision: decision =>
        {
            carried = Math.Max(carried, world.FindAsync(started).GetAwaiter().GetResult().WritesCarried);
            if (decision.Phase == RolloutPhase.CatchingUp && !changed)
            {
                changed = true;
                world.Qdrant.UpdateVectorsAsync(IndexName, [WireForms.NewPointVectors(PointId.FromNumber(42), [0.6f, 0.8f, 0f], Other)], cancellationToken: Cancellation).GetAwaiter().GetResult();
            }
        });

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        (await ReadAsync(world, rollout.Green))["42"].Other.ShouldBe((await ReadAsync(world, rollout.Blue))["42"].Other);
        carried.ShouldBe(1);
    }

    [Fact]
    public async Task A_vector_that_no_model_can_own_is_refused_with_those_that_there_are()
    {
        await using var world = await WithoutIndexAsync();
        await FillAsync(world);

        (await Should.ThrowAsync<OperatorException>(() => AdoptAsync(world, ""))).Message.ShouldBe(
            "collection by-hand holds no unnamed vector of one dense vector a point; it holds vector 'image', vector 'text'. Name the one that the model makes with --vector; the others are kept as they are");
        (await Should.ThrowAsync<OperatorException>(() => AdoptAsync(world, "sound"))).Message.ShouldStartWith("collection by-hand holds no vector 'sound'");
        (await Should.ThrowAsync<OperatorException>(() => AdoptAsync(world, Other))).Message.ShouldContain("it cannot be the model that made them");
    }

    private static async Task<RolloutWorld> WithNamedVectorsAsync()
    {
        var world = await WithoutIndexAsync();
        await FillAsync(world);
        world.WriteSet(Set, Enumerable.Range(1, Queries), world.IdOf);
        await AdoptAsync(world, Own);
        return world;
    }

    private static Task AdoptAsync(RolloutWorld world, string vector) => world.Services.GetRequiredService<IndexService>()
        .AdoptAsync(new IndexDefinition { Name = IndexName, Vector = vector, CalibrationSet = Set, CreatedAt = default }, Collection, "old", Cancellation);

    private static async Task FillAsync(RolloutWorld world)
    {
        await world.Qdrant.CreateCollectionAsync(Collection, new()
        {
            Vectors = new Dictionary<string, VectorSchema>(StringComparer.Ordinal) { [Own] = new(world.Old.Spec.Dimensions, Distance.Cosine), [Other] = new(3, Distance.Cosine) { OnDisk = true } },
        }, Cancellation);
        var random = new Random(7);
        foreach (var batch in Enumerable.Range(1, Documents).Chunk(100))
        {
            await world.Qdrant.UpsertAsync(Collection, [.. batch.Select(document =>
            {
                var point = WireForms.NewPoint(PointId.FromNumber((ulong)document), world.Old.VectorOf(TextOf(document)), Own);
                if (document != 9)
                {
                    point.Vectors.Vectors_.Vectors[Other] = new() { Dense = new() { Data = { random.NextSingle() - .5f, random.NextSingle() + .1f, random.NextSingle() } } };
                }

                point.Payload["id"] = new() { IntegerValue = document };
                point.Payload["text"] = new() { StringValue = TextOf(document) };
                return point;
            })], null, Cancellation);
        }
    }

    private static async Task<SortedDictionary<string, (float[] Own, string? Other)>> ReadAsync(RolloutWorld world, string collection)
    {
        var read = new SortedDictionary<string, (float[], string?)>(StringComparer.Ordinal);
        await foreach (var page in world.Qdrant.ScrollRangeAsync(collection, PointId.First, null, 500, ReadShape.Everything, null, Cancellation))
        {
            foreach (var point in page.Points)
            {
                var other = WireForms.VectorOf(point, Other);
                read.Add(WireForms.IdOf(point).ToString(), (WireForms.VectorOf(point, Own)!, other is null ? null : string.Join(' ', other.Select(v => BitConverter.SingleToInt32Bits(v).ToString("X8", CultureInfo.InvariantCulture)))));
            }
        }

        return read;
    }
}
