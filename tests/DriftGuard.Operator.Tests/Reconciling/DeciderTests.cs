using DriftGuard.Core.Drift;
using DriftGuard.Core.Rollouts;
using DriftGuard.Operator.Reconciling;
using DriftGuard.Operator.Resources;
using DriftGuard.Operator.Tests.Histories;
using Rollout = DriftGuard.Operator.Resources.Rollout;

namespace DriftGuard.Operator.Tests.Reconciling;

/// <summary>What is decided and said, case by case, in a world that stands still between two looks.</summary>
public sealed class DeciderTests
{
    private const string Manual = """{"modelRef":{"name":"alpha"},"calibrationSetRef":{"name":"labels"}}""";
    private const string Repairs = """{"modelRef":{"name":"alpha"},"onDivergence":"Repair","rollout":{"approval":"Automatic"}}""";
    private const string Reports = """{"modelRef":{"name":"alpha"},"rollout":{"approval":"Automatic"}}""";
    private const string To = """{"modelRef":{"name":"beta"}}""";

    [Fact]
    public async Task A_model_whose_fingerprint_is_not_the_pinned_one_stands_and_so_does_its_index()
    {
        var world = new World(Manual);
        world.Patch(ResourceKind.EmbeddingModel, "alpha", $$"""{"fingerprint":"{{FakeInstallation.Print('f')}}"}""");
        await world.SettleAsync();

        world.Read<EmbeddingModel>(ResourceKind.EmbeddingModel, "alpha").Status.Of(Condition.Stalled).ShouldBe("True FingerprintMismatch");
        world.Index.Status.Of(Condition.Stalled).ShouldBe("True FingerprintMismatch");
        world.Installation.Acts.ShouldBeEmpty("nothing is made under a model that is not the one");

        world.Patch(ResourceKind.EmbeddingModel, "alpha", $$"""{"fingerprint":"{{FakeInstallation.Print('a')}}"}""");
        await world.SettleAsync();
        world.Index.Status.Of(Condition.Ready).ShouldBe("True InSync");
    }

    [Fact]
    public async Task A_manual_rollout_waits_until_somebody_approves_it()
    {
        var world = await ChangedAsync(Manual);
        var rollout = world.Rollouts.ShouldHaveSingleItem();
        (world.Index.Status.Of(Condition.Ready), rollout.Status.Of(Condition.AwaitingApproval), rollout.Status.Phase).ShouldBe(("False AwaitingApproval", "True AwaitingApproval", "AwaitingApproval"));
        world.Index.Status.Of(Condition.Reconciling).ShouldBe("True AwaitingApproval");
        rollout.Status.Conditions.Single(condition => condition.Type == Condition.Ready).Message.ShouldContain($"patch rollouts.driftguard.dev {rollout.Metadata.Name}");

        world.Patch(ResourceKind.Rollout, rollout.Metadata.Name, """{"approved":true}""");
        await world.SettleAsync();
        (world.Index.Status.Of(Condition.Ready), world.Index.Status.Model, world.Rollouts.Single().Status.Of(Condition.Ready)).ShouldBe(("True InSync", "beta", "True Completed"));
    }

    [Fact]
    public async Task A_rollout_is_held_and_goes_on_as_its_resource_says()
    {
        var world = await ChangedAsync(Manual);
        var name = world.Rollouts.Single().Metadata.Name;
        world.Patch(ResourceKind.Rollout, name, """{"desired":"Paused"}""");
        await world.SettleAsync();
        world.Rollouts.Single().Status.Phase.ShouldBe("Paused");

        world.Patch(ResourceKind.Rollout, name, """{"desired":"Running","approved":true}""");
        await world.SettleAsync();
        world.Rollouts.Single().Status.Phase.ShouldBe("Completed");
        world.Installation.Acts.ShouldBe(["CreateIndex", "StartRollout", "Pause", "Resume", "Approve"]);
    }

    [Fact]
    public async Task What_somebody_else_holds_is_theirs_unless_it_is_repaired()
    {
        var world = await ChangedAsync(Manual);
        world.Installation.Past(new OperatorAction.AskRollout("docs-r1", RequestKind.Pause, null)).ShouldBeTrue();
        await world.SettleAsync();
        world.Rollouts.Single().Status.Of(Condition.Stalled).ShouldBe("True Diverged");

        world.Patch(ResourceKind.EmbeddingIndex, "docs", """{"onDivergence":"Repair"}""");
        await world.SettleAsync();
        world.Rollouts.Single().Status.Phase.ShouldBe("AwaitingApproval");
    }

    [Theory]
    [InlineData("Aborted", "Aborted")]
    [InlineData("RolledBack", "Aborted")]
    public async Task What_is_aborted_is_not_started_again_until_the_rollout_is_deleted(string desired, string phase)
    {
        var world = await ChangedAsync(Manual);
        var name = world.Rollouts.Single().Metadata.Name;
        world.Patch(ResourceKind.Rollout, name, $$"""{"desired":"{{desired}}"}""");
        await world.SettleAsync();
        (world.Rollouts.Single().Status.Phase, world.Index.Status.Of(Condition.Stalled), world.Installation.Rollouts.Count).ShouldBe((phase, "True Aborted", 1));

        world.Patch(ResourceKind.EmbeddingIndex, "docs", """{"onDivergence":"Repair"}""");
        await world.SettleAsync();
        world.Installation.Rollouts.Count.ShouldBe(1, "another change of the resource is no other model");

        world.Store.Delete("rollouts", World.Space, name);
        await world.SettleAsync();
        (world.Installation.Rollouts.Count, world.Index.Status.Of(Condition.Ready)).ShouldBe((2, "False AwaitingApproval"));
    }

    [Fact]
    public async Task A_model_that_is_taken_back_before_the_cutover_ends_the_rollout()
    {
        var world = await ChangedAsync(Manual);
        world.Patch(ResourceKind.EmbeddingIndex, "docs", """{"modelRef":{"name":"alpha"}}""");
        await world.SettleAsync();

        (world.Installation.Rollouts.Single().Phase, world.Index.Status.Of(Condition.Ready), world.Index.Status.Model).ShouldBe((RolloutPhase.Aborted, "True InSync", "alpha"));
        world.Rollouts.Single().Status.Of(Condition.Ready).ShouldBe("True Aborted", "what is superseded is nobody's matter");
    }

    [Fact]
    public async Task A_rollback_past_the_resource_is_reported_or_repaired_as_declared()
    {
        var reports = await ChangedAsync(Reports);
        reports.Installation.Past(new OperatorAction.AskRollout("docs-r1", RequestKind.Rollback, null)).ShouldBeTrue();
        await reports.SettleAsync();
        (reports.Index.Status.Of(Condition.Stalled), reports.Index.Status.Of(Condition.ModelInSync), reports.Installation.Rollouts.Count).ShouldBe(("True Diverged", "False ModelChanged", 1));

        var repairs = await ChangedAsync(Repairs);
        repairs.Installation.Past(new OperatorAction.AskRollout("docs-r1", RequestKind.Rollback, null)).ShouldBeTrue();
        await repairs.SettleAsync();
        (repairs.Index.Status.Of(Condition.Ready), repairs.Index.Status.Model, repairs.Installation.Rollouts.Count).ShouldBe(("True InSync", "beta", 2));
        repairs.Rollouts.ShouldAllBe(rollout => rollout.Status.Of(Condition.Stalled).StartsWith("False", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rollout_that_somebody_starts_is_shown_and_ended_where_it_is_to_be_repaired()
    {
        var world = new World(Manual);
        await world.SettleAsync();
        world.Installation.Past(new OperatorAction.StartRollout("docs", new("gamma", RequireApproval: true))).ShouldBeTrue();
        await world.SettleAsync();
        var found = world.Rollouts.ShouldHaveSingleItem();
        (found.FoundId, found.Metadata.Labels[Rollout.OriginLabel], found.Metadata.Name, world.Index.Status.Of(Condition.Ready)).ShouldBe(("docs-r1", Rollout.OfInstallation, "docs-r1", "True Diverged"));

        world.Patch(ResourceKind.EmbeddingIndex, "docs", """{"onDivergence":"Repair"}""");
        await world.SettleAsync();
        (world.Installation.Rollouts.Single().Phase, world.Index.Status.Of(Condition.Ready)).ShouldBe((RolloutPhase.Aborted, "True InSync"));
    }

    [Fact]
    public async Task A_rollout_that_no_index_declares_is_not_started()
    {
        var world = new World(Manual);
        await world.SettleAsync();
        world.Make(ResourceKind.Rollout, "mine", """{"indexRef":{"name":"docs"},"model":"gamma"}""");
        await world.SettleAsync();

        world.Read<Rollout>(ResourceKind.Rollout, "mine").Status.Of(Condition.Stalled).ShouldBe("True NotDeclared");
        world.Installation.Rollouts.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_model_that_was_exchanged_under_its_name_is_said_and_embedded_again_where_that_is_declared()
    {
        var world = new World(Reports);
        await world.SettleAsync();
        world.Installation.Models["alpha"] = FakeInstallation.Print('d');
        await world.SettleAsync();
        (world.Index.Status.Of(Condition.Stalled), world.Installation.Rollouts.Count).ShouldBe(("True FingerprintChanged", 0));

        world.Patch(ResourceKind.EmbeddingIndex, "docs", """{"onDivergence":"Repair"}""");
        await world.SettleAsync();
        (world.Index.Status.Of(Condition.Ready), world.Installation.Index("docs")!.Fingerprint).ShouldBe(("True InSync", FakeInstallation.Print('d')));
    }

    [Fact]
    public async Task Deleting_keeps_everything_unless_the_policy_says_otherwise()
    {
        var retains = await ChangedAsync(Manual);
        retains.Store.Delete("embeddingindexes", World.Space, "docs");
        await retains.SettleAsync();
        (retains.Store.List("embeddingindexes", World.Space).Count, retains.Installation.Index("docs") is not null, retains.Installation.Rollouts.Single().EndedAt).ShouldBe((0, true, null));

        var deletes = await ChangedAsync("""{"modelRef":{"name":"alpha"},"deletionPolicy":"Delete"}""");
        deletes.Store.Delete("embeddingindexes", World.Space, "docs");
        await deletes.SettleAsync();
        (deletes.Store.List("embeddingindexes", World.Space).Count, deletes.Installation.Index("docs"), deletes.Installation.Rollouts.Single().Phase).ShouldBe((0, null, RolloutPhase.Aborted));
    }

    [Fact]
    public async Task The_older_of_two_that_declare_one_index_has_it()
    {
        var world = new World(Manual);
        world.Time.Advance(TimeSpan.FromMinutes(1));
        world.Make(ResourceKind.EmbeddingIndex, "another", """{"index":"docs","modelRef":{"name":"beta"},"deletionPolicy":"Delete"}""");
        await world.SettleAsync();
        world.Read<EmbeddingIndex>(ResourceKind.EmbeddingIndex, "another").Status.Of(Condition.Stalled).ShouldBe("True IndexClaimed");

        world.Store.Delete("embeddingindexes", World.Space, "another");
        await world.SettleAsync();
        (world.Installation.Index("docs")?.Model, world.Store.List("embeddingindexes", World.Space).Count).ShouldBe(("alpha", 1));
    }

    [Fact]
    public async Task A_refusal_is_said_and_tried_again_later_and_later()
    {
        var world = new World(Reports);
        await world.SettleAsync();
        world.Installation.Refuses = "StartRollout";
        world.Patch(ResourceKind.EmbeddingIndex, "docs", To);
        await world.GoOnAsync(12);
        var rollout = world.Rollouts.Single();
        (rollout.Status.Of(Condition.Stalled), world.Index.Status.Of(Condition.Stalled), world.Installation.Rollouts.Count).ShouldBe(("True Refused", "True Refused", 0));
        rollout.Status.Refusal!.Attempts.ShouldBeGreaterThan(1);

        world.Installation.Refuses = null;
        await world.SettleAsync();
        (world.Index.Status.Of(Condition.Ready), world.Rollouts.Single().Status.Refusal, world.Installation.Rollouts.Count).ShouldBe(("True InSync", null, 1));
        Wishes.Pause(new() { Attempts = 1 }).ShouldBe(TimeSpan.FromSeconds(20));
        Wishes.Pause(new() { Attempts = 3 }).ShouldBe(TimeSpan.FromSeconds(80));
        Wishes.Pause(new() { Attempts = 60 }).ShouldBe(TimeSpan.FromSeconds(640));
    }

    [Theory]
    [InlineData(DriftVerdict.None, "True None")]
    [InlineData(DriftVerdict.Confirmed, "False Confirmed")]
    [InlineData(DriftVerdict.InsufficientData, "Unknown InsufficientData")]
    public async Task A_check_is_made_once_for_each_generation(DriftVerdict verdict, string healthy)
    {
        var world = new World(Manual);
        world.Installation.Verdict = verdict;
        world.Make(ResourceKind.DriftCheck, "once", """{"indexRef":{"name":"docs"},"detectors":["Model"]}""");
        await world.SettleAsync();
        var check = world.Read<DriftCheck>(ResourceKind.DriftCheck, "once");
        (check.Status.Of(Condition.Healthy), check.Status.Of(Condition.Ready), check.Status.Report).ShouldBe((healthy, "True Checked", "report-1"));
        world.Installation.Acts.Count(act => act == "check docs").ShouldBe(1);

        world.Patch(ResourceKind.DriftCheck, "once", """{"detectors":["Model","Data"]}""");
        await world.SettleAsync();
        world.Installation.Acts.Count(act => act == "check docs").ShouldBe(2);
    }

    [Fact]
    public async Task A_schedule_is_kept_and_what_was_missed_is_made_good_once()
    {
        var world = new World(Manual);
        world.Make(ResourceKind.DriftCheck, "nightly", """{"indexRef":{"name":"docs"},"schedule":"0 3 * * *"}""");
        await world.SettleAsync();
        world.Installation.Acts.ShouldNotContain("check docs");

        world.Time.SetUtcNow(new(2026, 12, 5, 4, 0, 0, TimeSpan.Zero));
        await world.SettleAsync();
        var status = world.Read<DriftCheck>(ResourceKind.DriftCheck, "nightly").Status;
        (status.LastScheduleTime, status.NextCheckTime).ShouldBe((new(2026, 12, 5, 3, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 12, 6, 3, 0, 0, TimeSpan.Zero)));
        world.Installation.Acts.Count(act => act == "check docs").ShouldBe(1);

        world.Patch(ResourceKind.DriftCheck, "nightly", """{"schedule":"every now and then"}""");
        await world.SettleAsync();
        world.Read<DriftCheck>(ResourceKind.DriftCheck, "nightly").Status.Of(Condition.Stalled).ShouldBe("True InvalidSchedule");
    }

    [Fact]
    public async Task While_the_installation_cannot_be_asked_what_was_seen_stays_said()
    {
        var world = new World(Manual);
        await world.SettleAsync();
        world.Installation.Fault = _ => throw new Installations.UnreachableException("no answer");
        await world.SettleAsync();

        world.Index.Status.Of(Condition.Ready).ShouldBe("True InSync");
        world.Read<EmbeddingModel>(ResourceKind.EmbeddingModel, "alpha").Status.Of(Condition.Reconciling).ShouldBe("True InstallationUnreachable");
    }

    private static async Task<World> ChangedAsync(string index)
    {
        var world = new World(index);
        await world.SettleAsync();
        world.Patch(ResourceKind.EmbeddingIndex, "docs", To);
        await world.SettleAsync();
        return world;
    }
}
