using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Rollouts;
using DriftGuard.Worker.Tests.Rollouts;
using Microsoft.Extensions.DependencyInjection;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Gateway;

/// <summary>Readers and writers go on at two gateways while the index is switched there and back.</summary>
public sealed class SwitchingTests
{
    public const int Documents = 200;
    private const int Rounds = 4;

    // There and back; rollouts take seconds, and so often nobody would wait for them.
    private const int Switches = 1_000;

    [Fact]
    public async Task Through_rollouts_and_rollbacks_no_request_fails_no_model_is_mixed_no_epoch_goes_back_and_no_write_is_lost()
    {
        await using var world = await WithCorpusAsync(Documents);
        await using var clients = await Clients.BeginAsync(world);

        var switches = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var serving = (await world.Qdrant.FindCollectionAsync(await world.ServedByAsync(), Cancellation))!;
            var to = serving.Vectors[""].Size == world.Old.Spec.Dimensions ? "new" : "old";
            var rollout = await world.RunAsync(await world.StartAsync(Quick, to));
            rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
            switches++;
            if (round % 2 == 0)
            {
                await world.AskAsync(rollout, RequestKind.Rollback);
                (await world.RunAsync(rollout, decision => decision.Phase == RolloutPhase.RolledBack)).Phase.ShouldBe(RolloutPhase.RolledBack);
                switches++;
            }
        }

        switches.ShouldBe(Rounds + (Rounds / 2));
        await clients.ShouldHaveLostNothingAsync();
    }

    [Fact]
    public async Task Through_a_thousand_switches_neither()
    {
        await using var world = await WithCorpusAsync(Documents);

        // One that soaks, so that the outbox is kept.
        var rollout = await world.RunToSoakAsync(Quick);
        await using var clients = await Clients.BeginAsync(world);
        var (serving, idle) = ((rollout.Green, Model: world.New), (rollout.Blue, Model: world.Old));
        var first = IndexAliases.Tokens(IndexName, await world.Qdrant.AliasesAsync(Cancellation)).Single().Token;
        var token = first;
        for (var i = 0; i < Switches; i++)
        {
            (await world.State.HoldWritesAsync(IndexName, token.Nonce, TimeSpan.FromMinutes(5), Cancellation)).ShouldNotBeNull();
            while ((await world.State.WriteTrafficAsync(IndexName, Cancellation)).UnderWay)
                await Task.Delay(1, Cancellation);
            await CarryAsync(world, serving.Item1, idle.Item1, idle.Model);
            var next = token.Next();
            await world.Qdrant.ChangeAliasesAsync(
                [new AliasChange.Rename(token.AliasName, next.AliasName), new AliasChange.Create(IndexName, idle.Item1), new AliasChange.Create(next.AliasName, idle.Item1)], Cancellation);
            (await world.State.ReleaseHoldAsync(IndexName, token.Nonce, Cancellation)).ShouldBeTrue();
            (serving, idle, token) = (idle, serving, next);
        }

        (token.Epoch - first.Epoch).ShouldBe(Switches);
        await clients.ShouldHaveLostNothingAsync();
    }

    /// <summary>What the last pass under a fence does: what the outbox tells of is made the same in the other collection.</summary>
    private static async Task CarryAsync(RolloutWorld world, string from, string to, HashEmbedder model)
    {
        while (await world.State.DirtyAsync(IndexName, null, 500, Cancellation) is { Count: > 0 } dirty)
        {
            var ids = dirty.Select(mark => PointId.Parse(mark.PointId)).ToList();
            var there = await world.Qdrant.RetrieveAsync(from, ids, ReadShape.WholePayload, Cancellation);
            var batch = await world.Services.GetRequiredService<PointWriter>().EmbedAsync(
                model, "", [.. there.Select(point => new SourcePoint(WireForms.IdOf(point), point.Payload, PayloadText.Of(point.Payload, "text")))], 1, Cancellation);
            if (batch.Points.Count > 0)
                await world.Qdrant.UpsertAsync(to, batch.Points, null, Cancellation);
            if (ids.Except(there.Select(WireForms.IdOf)).ToList() is { Count: > 0 } gone)
                await world.Qdrant.DeleteAsync(to, PointSelection.Of([.. gone]), Cancellation);
            await world.State.ClearDirtyAsync(IndexName, dirty, Cancellation);
        }
    }
}
