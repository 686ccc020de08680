using DriftGuard.Core.Gate;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Proof;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.Worker.Rollouts.Proving;
using Google.Protobuf.Collections;
using Microsoft.Extensions.DependencyInjection;
using Qdrant.Client.Grpc;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;
using PointId = DriftGuard.Core.Points.PointId;

namespace DriftGuard.Worker.Tests.Rollouts.Proving;

/// <summary>Completeness as it is proven, against a real server and real state.</summary>
public sealed class ProofTests
{
    private static readonly RolloutSettings Approved = Quick with { RequireApproval = true };

    [Fact]
    public async Task A_pass_that_finds_nothing_is_the_proof_and_the_gate_report_says_so()
    {
        await using var world = await WithCorpusAsync();

        var rollout = await world.RunAsync(await world.StartAsync());

        var partitions = await world.State.PartitionsAsync(rollout.Id, Cancellation);
        var proofs = partitions.Select(ProofStore.Of).ToList();
        proofs.ShouldAllBe(p => p != null && p.IsClean && p.Source == Side.Blue);
        proofs.Sum(p => p!.SourcePoints).ShouldBe(400);
        var summary = ProofStore.Summary(partitions);
        (summary.IsWhole, summary.Clean).ShouldBe((true, 4));
        var complete = (await world.ReportAsync(rollout)).Gate!.Rows.Single(row => row.Condition == "complete");
        complete.Message.ShouldContain($"400 points of 4 of 4 partitions compared in full, no difference, digest {summary.Digest![..16]}");
        complete.Figures["partitions_proven"].ShouldBe(4);
    }

    [Fact]
    public async Task A_proof_that_is_repeated_has_the_same_digests_and_one_partition_the_same_as_among_all()
    {
        await using var world = await WithCorpusAsync();
        var rollout = await AtApprovalAsync(world);
        var kept = ProofStore.Summary(await world.State.PartitionsAsync(rollout.Id, Cancellation));

        var all = await VerifyAsync(world, rollout);
        var one = await VerifyAsync(world, rollout, new([2], false));

        (all.Differing, all.Proofs.Count, all.Whole.Digest).ShouldBe((0, 4, kept.Digest));
        one.Proofs.ShouldHaveSingleItem().SourceDigest.ShouldBe(all.Proofs[2].SourceDigest);
        (await VerifyAsync(world, rollout, new([], ChangedOnly: true))).Proofs.ShouldBeEmpty("nothing differed");
    }

    public static TheoryData<string, ProofDifference> Changes => new()
    {
        { "blue text", ProofDifference.Text },
        { "blue payload", ProofDifference.Payload },
        { "blue added", ProofDifference.Missing },
        { "blue deleted", ProofDifference.Extra },
        { "green text, its stamp kept", ProofDifference.Text },
        { "green payload, its stamp kept", ProofDifference.Payload },
        { "green added", ProofDifference.Extra },
        { "green deleted", ProofDifference.Missing },
        { "green stamp lost", ProofDifference.Stamp },
        { "green stamp of another model", ProofDifference.Stamp },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Any_change_of_either_side_is_found_and_a_pass_mends_it(string change, ProofDifference difference)
    {
        await using var world = await WithCorpusAsync();
        var rollout = await AtApprovalAsync(world);

        var point = await ChangeAsync(world, rollout, change);

        var found = await VerifyAsync(world, rollout);
        found.Differing.ShouldBe(1);
        found.Proofs.SelectMany(p => p.First).ShouldBe([new(point, difference)]);
        var changed = found.Proofs.Single(p => !p.IsClean).Ordinal;
        (await VerifyAsync(world, rollout, new([], ChangedOnly: true))).Proofs.ShouldHaveSingleItem().Ordinal.ShouldBe(changed, "the others need no second look");

        await world.AskAsync(rollout, RequestKind.Approve);
        rollout = await world.RunAsync(rollout);

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        ProofStore.Summary(await world.State.PartitionsAsync(rollout.Id, Cancellation)).IsWhole.ShouldBeTrue();
        await world.ShouldMirrorAsync(rollout.Green, rollout.Blue, world.New);
    }

    [Fact]
    public async Task Once_green_serves_blue_may_be_behind_and_the_proof_of_the_cutover_is_kept()
    {
        await using var world = await WithCorpusAsync();
        var rollout = await world.RunAsync(await world.StartAsync(Quick with { Soak = TimeSpan.FromHours(1) }), d => d.Phase == RolloutPhase.Soaking);
        var proven = ProofStore.Summary(await world.State.PartitionsAsync(rollout.Id, Cancellation));
        (await VerifyAsync(world, rollout)).Differing.ShouldBe(0);
        await world.UpsertAsync(1_001, TextOf(1_001), world.New);

        var result = await VerifyAsync(world, rollout);

        (result.Source, result.BlueMayBeBehind, result.Differing).ShouldBe((Side.Green, true, 1));
        result.Whole.ShouldBe(proven);
    }

    [Fact]
    public async Task What_is_not_copied_or_not_there_any_more_cannot_be_compared()
    {
        await using var world = await WithCorpusAsync();
        var rollout = await world.RunAsync(await world.StartAsync(Approved), d => d.Phase == RolloutPhase.Provisioning);
        (await Should.ThrowAsync<OperatorException>(() => VerifyAsync(world, rollout))).Message.ShouldContain("has no partitions yet");
        rollout = await world.RunAsync(rollout, d => d.Action == RolloutAction.PlanPartitions);
        (await Should.ThrowAsync<OperatorException>(() => VerifyAsync(world, rollout))).Message.ShouldContain("is not copied to its end yet");
        rollout = await world.RunAsync(rollout, d => d.Phase == RolloutPhase.AwaitingApproval);
        (await Should.ThrowAsync<OperatorException>(() => VerifyAsync(world, rollout, new([9], false)))).Message.ShouldContain("no partition 9; it has 0 to 3");

        await world.AskAsync(rollout, RequestKind.Abort);
        rollout = await world.RunAsync(rollout);
        (await Should.ThrowAsync<OperatorException>(() => VerifyAsync(world, rollout))).Message.ShouldContain($"collection {rollout.Green} is gone");
    }

    [Fact]
    public async Task Texts_that_may_stand_parked_pass_the_gate_and_are_named_in_its_report_and_in_the_proof()
    {
        await using var world = await WithCorpusAsync();
        await world.SetAsync(300, "text", $"an {HashEmbedder.Unembeddable} text");
        var settings = Approved with { Gate = new() { ParkedShare = .005 } };

        var rollout = await world.RunAsync(await world.StartAsync(settings), d => d.Phase is RolloutPhase.AwaitingApproval or RolloutPhase.Paused || d.Phase.IsEnd());

        rollout.Phase.ShouldBe(RolloutPhase.AwaitingApproval, rollout.Message);
        var complete = (await world.ReportAsync(rollout)).Gate!.Rows.Single(row => row.Condition == "complete");
        (complete.Verdict, complete.Reason).ShouldBe((GateVerdict.Pass, GateReason.CompleteButParked));
        complete.Message.ShouldContain($"WARNING: 1 text(s) could not be embedded and stand parked: 300: {HashEmbedder.Refusal}");
        (await world.State.ParkedAsync(rollout.Id, Cancellation)).ShouldHaveSingleItem().Attempts.ShouldBeGreaterThanOrEqualTo(settings.ParkAfter);
        var proof = await VerifyAsync(world, rollout);
        (proof.Differing, proof.Parked).ShouldBe((0, 1));

        await world.AskAsync(rollout, RequestKind.Approve);
        rollout = await world.RunAsync(rollout);
        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        (await world.Qdrant.CountAsync(rollout.Green, cancellationToken: Cancellation)).ShouldBe(399ul);
    }

    [Fact]
    public async Task One_text_more_than_may_stand_parked_blocks_the_gate()
    {
        await using var world = await WithCorpusAsync();
        foreach (var document in new[] { 300, 301, 302 })
        {
            await world.SetAsync(document, "text", $"an {HashEmbedder.Unembeddable} text");
        }

        var rollout = await world.RunAsync(await world.StartAsync(Quick with { Gate = new() { ParkedShare = .005 } }), d => d.Phase == RolloutPhase.Paused || d.Phase.IsEnd());

        rollout.Reason.ShouldBe(RolloutReason.GateBlocked, rollout.Message);
        rollout.Message.ShouldContain("3 text(s) could not be embedded and stand parked: 300: ");
        rollout.Message.ShouldContain("At most 2 may (rollout.gate.parkedShare)");
    }

    [Fact]
    public async Task Parked_texts_are_tried_again_on_request()
    {
        await using var world = await WithCorpusAsync();
        await world.SetAsync(300, "text", $"an {HashEmbedder.Unembeddable} text");
        var rollout = await world.RunAsync(await world.StartAsync(), d => d.Phase == RolloutPhase.Paused || d.Phase.IsEnd());
        (await Should.ThrowAsync<OperatorException>(() => world.Adjustments.RetryAsync(rollout, ["300", "17"], "test", Cancellation))).Message.ShouldContain("17: not among the parked texts");
        await world.SetAsync(300, "text", "a text that was mended");

        await world.Adjustments.RetryAsync(rollout, ["300"], "test", Cancellation);
        rollout = await world.RunAsync(rollout);

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        await world.ShouldMirrorAsync(rollout.Green, rollout.Blue, world.New);
        (await Should.ThrowAsync<OperatorException>(() => world.Adjustments.RetryAsync(rollout, [], "test", Cancellation))).Message.ShouldContain("has ended");
    }

    private static async Task<Rollout> AtApprovalAsync(RolloutWorld world) =>
        await world.RunAsync(await world.StartAsync(Approved), d => d.Phase == RolloutPhase.AwaitingApproval);

    private static Task<ProofResult> VerifyAsync(RolloutWorld world, Rollout rollout, ProofRequest? request = null) =>
        world.Services.GetRequiredService<ProofVerifier>().RunAsync(rollout, request ?? new([], false), Cancellation);

    /// <summary>Changes one point; gives its id.</summary>
    private static async Task<string> ChangeAsync(RolloutWorld world, Rollout rollout, string change)
    {
        switch (change)
        {
            case "blue text":
                await world.SetAsync(200, "text", "another text");
                return "200";
            case "blue payload":
                await world.SetAsync(200, "tag", "urgent");
                return "200";
            case "blue added":
                await world.UpsertAsync(1_001, TextOf(1_001), world.Old);
                return "1001";
            case "blue deleted":
                await world.DeleteAsync(200);
                return "200";
            case "green text, its stamp kept":
                await SetInGreenAsync("text", "another text");
                return "200";
            case "green payload, its stamp kept":
                await SetInGreenAsync("tag", "urgent");
                return "200";
            case "green added":
                await world.Qdrant.UpsertAsync(rollout.Green, [WireForms.NewPoint(PointId.FromNumber(1_001), world.New.VectorOf("a text"))], null, Cancellation);
                return "1001";
            case "green deleted":
                await world.Qdrant.DeleteAsync(rollout.Green, PointSelection.Of(PointId.FromNumber(200)), Cancellation);
                return "200";
            default:
                var point = (await world.Qdrant.RetrieveAsync(rollout.Green, [PointId.FromNumber(200)], ReadShape.WholePayload, Cancellation))[0];
                var stamp = StampPayload.Read(point.Payload)!;
                point.Payload.Remove(StampPayload.Key);
                if (change == "green stamp of another model")
                {
                    StampPayload.Write(point.Payload, stamp with { Fingerprint = world.Old.Fingerprint.Id });
                }

                await world.Qdrant.OverwritePayloadAsync(rollout.Green, PointSelection.Of(PointId.FromNumber(200)), point.Payload, Cancellation);
                return "200";
        }

        Task SetInGreenAsync(string key, string value) => world.Qdrant.SetPayloadAsync(
            rollout.Green, PointSelection.Of(PointId.FromNumber(200)), new MapField<string, Value> { [key] = new() { StringValue = value } }, Cancellation);
    }
}
