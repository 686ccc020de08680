using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Rollouts;

/// <summary>What people and other hands may do to a rollout, against a real server and real state.</summary>
public sealed class RolloutRequestTests
{
    [Theory]
    [InlineData(RolloutPhase.Provisioning)]
    [InlineData(RolloutPhase.Copying)]
    [InlineData(RolloutPhase.CatchingUp)]
    [InlineData(RolloutPhase.Evaluating)]
    [InlineData(RolloutPhase.AwaitingApproval)]
    public async Task An_abort_leaves_the_aliases_as_they_were_and_no_green(RolloutPhase phase)
    {
        await using var world = await WithCorpusAsync();
        var before = await world.AliasesAsync();
        var rollout = await world.RunAsync(await world.StartAsync(Quick with { RequireApproval = true }), d => d.Phase == phase);

        await world.AskAsync(rollout, RequestKind.Abort);
        rollout = await world.RunAsync(rollout, _ => false);

        rollout.Phase.ShouldBe(RolloutPhase.Aborted, rollout.Message);
        (await world.AliasesAsync()).OrderBy(a => a.Key, StringComparer.Ordinal).ShouldBe(before.OrderBy(a => a.Key, StringComparer.Ordinal));
        (await world.Qdrant.ExistsAsync(rollout.Green, Cancellation)).ShouldBeFalse();
        (await world.State.UnfinishedRolloutsAsync(Cancellation)).ShouldBeEmpty("nothing is left to look after");
    }

    [Fact]
    public async Task A_rollback_restores_blue_with_the_writes_made_meanwhile()
    {
        await using var world = await WithCorpusAsync();
        var rollout = await world.RunAsync(await world.StartAsync(Quick with { Soak = TimeSpan.FromHours(1) }), d => d.Phase == RolloutPhase.Soaking);
        await world.UpsertAsync(1_001, TextOf(1_001), world.New);
        await world.UpsertAsync(200, "another text for document 200", world.New);
        await world.SetAsync(202, "tag", "urgent");
        await world.DeleteAsync(203);

        await world.AskAsync(rollout, RequestKind.Rollback);
        rollout = await world.RunAsync(rollout);

        rollout.Phase.ShouldBe(RolloutPhase.RolledBack, rollout.Message);
        rollout.Reason.ShouldBe(RolloutReason.RollbackRequested);
        (await world.ServedByAsync()).ShouldBe(rollout.Blue);
        await world.ShouldMirrorAsync(rollout.Blue, rollout.Green, world.Old);
    }

    [Fact]
    public async Task A_rollback_leaves_a_collection_that_was_never_stamped_as_it_is_but_for_the_writes_made_meanwhile()
    {
        await using var world = await WithoutIndexAsync();
        await world.AdoptAsync(300);
        var before = await world.ReadAsync(IndexName);
        var rollout = await world.RunAsync(await world.StartAsync(Quick with { Soak = TimeSpan.FromHours(1) }), d => d.Phase == RolloutPhase.Soaking);
        rollout.Reason.ShouldBe(RolloutReason.Watching, rollout.Message);
        await world.UpsertAsync(200, "another text for document 200", world.New);
        await world.DeleteAsync(201);

        await world.AskAsync(rollout, RequestKind.Rollback);
        rollout = await world.RunAsync(rollout);

        rollout.Phase.ShouldBe(RolloutPhase.RolledBack, rollout.Message);
        var after = await world.ReadAsync(rollout.Blue);
        after.Keys.ShouldBe(before.Keys.Where(id => id != "201"));
        after.Count(p => p.Value.Stamp is not null).ShouldBe(1, "only what was written meanwhile is embedded again");
        after["200"].Payload.ShouldContain("another text for document 200");
        after.Where(p => p.Key != "200").ShouldAllBe(p => p.Value.Vector.SequenceEqual(before[p.Key].Vector));
    }

    [Fact]
    public async Task An_approval_before_there_is_anything_to_approve_is_refused()
    {
        await using var world = await WithCorpusAsync();
        var rollout = await world.RunAsync(await world.StartAsync(Quick with { RequireApproval = true }), d => d.Phase == RolloutPhase.Copying);

        (await Should.ThrowAsync<OperatorException>(() => world.AskAsync(rollout, RequestKind.Approve))).Message.ShouldContain("nothing to approve yet");
    }

    [Fact]
    public async Task A_model_that_turns_bad_in_the_soak_is_rolled_back_by_itself()
    {
        await using var world = await WithCorpusAsync();
        var settings = Quick with { Soak = TimeSpan.FromHours(1), SoakCheckInterval = TimeSpan.FromMilliseconds(1) };

        var rollout = await world.RunAsync(await world.StartAsync(settings), onDecision: d => world.New.Bad = d.Phase is RolloutPhase.Soaking);

        rollout.Phase.ShouldBe(RolloutPhase.RolledBack, rollout.Message);
        rollout.Reason.ShouldBe(RolloutReason.SoakBreach);
        (await world.ServedByAsync()).ShouldBe(rollout.Blue);
    }

    [Fact]
    public async Task An_alias_that_was_moved_by_hand_is_left_alone_until_it_is_moved_back()
    {
        await using var world = await WithCorpusAsync();
        var rollout = await world.RunAsync(await world.StartAsync(Quick with { RequireApproval = true }), d => d.Phase == RolloutPhase.AwaitingApproval);
        await world.AskAsync(rollout, RequestKind.Approve);
        await world.Qdrant.ChangeAliasesAsync([new AliasChange.Create(IndexName, rollout.Green)], Cancellation);

        rollout = await world.RunAsync(rollout, d => d.Action == RolloutAction.Wait);
        rollout.Reason.ShouldBe(RolloutReason.AliasMovedByHand);

        await world.Qdrant.ChangeAliasesAsync([new AliasChange.Create(IndexName, rollout.Blue)], Cancellation);
        rollout = await world.RunAsync(rollout);
        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
    }

    [Fact]
    public async Task A_rollout_whose_epoch_another_one_won_ends_and_removes_its_collection()
    {
        await using var world = await WithCorpusAsync();
        var rollout = await world.RunAsync(await world.StartAsync(Quick with { RequireApproval = true }), d => d.Phase == RolloutPhase.AwaitingApproval);
        var token = rollout.ExpectedToken;
        await world.Qdrant.ChangeAliasesAsync([new AliasChange.Rename(token.AliasName, token.Next().AliasName)], Cancellation);

        rollout = await world.RunAsync(rollout);

        rollout.Phase.ShouldBe(RolloutPhase.Failed);
        rollout.Reason.ShouldBe(RolloutReason.Superseded);
        (await world.Qdrant.ExistsAsync(rollout.Green, Cancellation)).ShouldBeFalse();
        (await world.ServedByAsync()).ShouldBe(rollout.Blue);
    }

    [Fact]
    public async Task A_second_rollout_of_an_index_is_refused_while_one_has_not_ended()
    {
        await using var world = await WithCorpusAsync();
        var first = await world.StartAsync();

        (await Should.ThrowAsync<StateConflictException>(() => world.StartAsync())).Message.ShouldContain(first.Id);
    }

    [Fact]
    public async Task A_rollout_to_the_model_that_serves_is_refused()
    {
        await using var world = await WithCorpusAsync();

        (await Should.ThrowAsync<OperatorException>(() => world.StartAsync(to: "old"))).Message.ShouldContain("served by old already");
    }

    [Fact]
    public async Task A_calibration_set_of_another_corpus_is_refused()
    {
        await using var world = await WithCorpusAsync();
        world.WriteSet("foreign-set", Enumerable.Range(1, 20), document => $"{9_000 + document}");

        var refusal = await Should.ThrowAsync<OperatorException>(() => world.Rollouts.PlanAsync(IndexName, "new", "foreign-set", Quick, Cancellation));

        refusal.Error.ShouldBe(OperatorError.Inconclusive);
        refusal.Message.ShouldStartWith("inconclusive: none of the 20 relevant documents of calibration set 'foreign-set'");
        refusal.Message.ShouldContain("9001");
    }
}
