using System.Text.Json;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Diagnosis;
using DriftGuard.Core.Notifications;
using DriftGuard.Core.Rollouts;
using DriftGuard.State;
using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Drift;
using DriftGuard.Worker.Notifications;
using DriftGuard.Worker.Rollouts.Copying.Pacing;
using DriftGuard.Worker.Tests.Bridges;
using DriftGuard.Worker.Tests.Rollouts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using static DriftGuard.Core.Notifications.NotificationKind;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Notifications;

/// <summary>What the state says is what people are told.</summary>
public sealed class NotificationSourceTests
{
    [Fact]
    public async Task A_rollout_is_told_to_be_started_to_wait_for_approval_to_cut_over_and_to_be_completed()
    {
        await using var world = await WithCorpusAsync();
        var source = RolloutsOf(world);
        var rollout = await world.RunAsync(await world.StartAsync(Quick with { RequireApproval = true }), decision => decision.Phase == RolloutPhase.AwaitingApproval);

        var waiting = await ReadAsync(source);
        waiting.Select(fact => (fact.Kind, fact.Lasts)).ShouldBe([(RolloutStarted, false), (WaitingForApproval, true)]);
        waiting.ShouldAllBe(fact => fact.Index == IndexName && fact.Subject == rollout.Id);
        waiting[1].WhatToDo.ShouldBe("driftguard rollout approve docs");
        waiting[1].Text.ShouldBe(rollout.Message);

        await world.AskAsync(rollout, RequestKind.Approve);
        rollout = await world.RunAsync(rollout);
        var over = await ReadAsync(source);
        over.Select(fact => (fact.Kind, fact.Lasts)).ShouldBe([(RolloutStarted, false), (CutOver, false), (RolloutCompleted, false)]);
        over.Single(fact => fact.Kind == CutOver).At.ShouldBe(rollout.CutOverAt!.Value);

        world.Time.PutForward(TimeSpan.FromDays(2));
        (await ReadAsync(source)).ShouldBeEmpty("it is long over");
    }

    [Fact]
    public async Task A_breach_in_the_soak_is_told_with_its_figures()
    {
        await using var world = await WithCorpusAsync();
        var settings = Quick with { Soak = TimeSpan.FromHours(1), SoakCheckInterval = TimeSpan.FromMilliseconds(1) };
        var rollout = await world.RunAsync(await world.StartAsync(settings), onDecision: d => world.New.Bad = d.Phase is RolloutPhase.Soaking);

        var facts = await ReadAsync(RolloutsOf(world));

        facts.Select(fact => fact.Kind).ShouldBe([RolloutStarted, CutOver, SoakBreach]);
        facts[^1].Text.ShouldBe(rollout.LastSoakCheck!.Message);
        NotificationKinds.SeverityOf(facts[^1].Kind).ShouldBe(NotificationSeverity.Critical);
    }

    [Fact]
    public async Task A_gate_that_something_blocks_is_told_until_the_rollout_goes_on_or_is_aborted()
    {
        await using var world = await WithCorpusAsync();
        await world.SetAsync(300, "text", $"an {HashEmbedder.Unembeddable} text");
        var rollout = await world.RunAsync(await world.StartAsync(), d => d.Phase == RolloutPhase.Paused || d.Phase.IsEnd());
        var source = RolloutsOf(world);

        (await ReadAsync(source)).Select(fact => fact.Kind).ShouldBe([RolloutStarted, GateRefused]);

        await world.AskAsync(rollout, RequestKind.Abort);
        await world.RunAsync(rollout);
        (await ReadAsync(source)).Select(fact => (fact.Kind, fact.Lasts)).ShouldBe([(RolloutStarted, false), (RolloutAborted, false)]);
    }

    [Fact]
    public async Task A_cap_that_is_nearly_spent_and_a_step_that_fails_again_and_again_are_told()
    {
        await using var world = await WithCorpusAsync(100, options: new() { Models = new() { Prices = [new() { Model = "new", PerMillionTokens = 1_000_000 }] } });
        var rollout = await world.StartAsync(Quick with { MoneyCap = 100 });
        await world.State.SaveRolloutAsync(rollout with { PassTokens = 91 }, finished: false, Cancellation);
        await world.State.SaveStepFailureAsync(rollout.Id, new("the server is away", world.Time.GetUtcNow(), 10, null, 0), Cancellation);

        var facts = await ReadAsync(RolloutsOf(world));

        facts.Select(fact => fact.Kind).ShouldBe([RolloutStarted, RolloutStuck, BudgetNearlySpent]);
        facts[1].Text.ShouldContain("the server is away");
        await world.State.SaveRolloutAsync(rollout with { PassTokens = 90 }, finished: false, Cancellation);
        (await ReadAsync(RolloutsOf(world))).Select(fact => fact.Kind).ShouldBe([RolloutStarted]);
    }

    [Theory]
    [InlineData(RolloutPhase.Evaluating, 61, true)]
    [InlineData(RolloutPhase.Evaluating, 59, false)]
    [InlineData(RolloutPhase.CatchingUp, 61, false)]
    [InlineData(RolloutPhase.CatchingUp, 721, true)]
    [InlineData(RolloutPhase.Copying, 721, true)]
    [InlineData(RolloutPhase.Copying, 29, false)]
    [InlineData(RolloutPhase.Soaking, 9_999, false)]
    [InlineData(RolloutPhase.AwaitingApproval, 9_999, false)]
    public void A_rollout_is_stuck_after_a_time_that_depends_on_its_phase(RolloutPhase phase, int minutes, bool stuck)
    {
        var time = new FakeTimeProvider(new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero));
        var rollout = Rollout(time.GetUtcNow()) with { Phase = phase };
        var rollouts = new StuckRollouts(time);

        rollouts.Why(rollout, 7).ShouldBeNull();
        time.Advance(TimeSpan.FromMinutes(minutes));

        (rollouts.Why(rollout, 7) is not null).ShouldBe(stuck);
        if (phase == RolloutPhase.Copying)
        {
            rollouts.Why(rollout, 8).ShouldBeNull("something was copied");
        }
    }

    [Fact]
    public async Task Drift_is_told_by_its_cause_once_for_all_detectors_that_see_it_and_stays_while_they_cannot_tell()
    {
        await using var world = await WithCorpusAsync(100);
        var source = new DriftNotifications(world.State);
        await AddAsync(world, DriftCause.ProviderChangedModel, (Detector.Model, DriftVerdict.Suspected));
        (await ReadAsync(source)).ShouldHaveSingleItem().Kind.ShouldBe(DriftSuspected);

        await AddAsync(world, DriftCause.ProviderChangedModel, (Detector.Model, DriftVerdict.Confirmed), (Detector.Index, DriftVerdict.Suspected));
        var drift = (await ReadAsync(source)).ShouldHaveSingleItem();
        (drift.Kind, drift.Key).ShouldBe((DriftConfirmed, "drift/docs/provider_changed_model"));
        drift.Title.ShouldBe("Drift of index docs is confirmed: provider changed model");
        (drift.Text, drift.WhatToDo).ShouldBe(("It happened. Since then.", "Do this."));

        var told = new ToldNotification(drift.Key, 1, null!, drift.Witnesses);
        await AddAsync(world, DriftCause.NotEnoughData, (Detector.Model, DriftVerdict.None), (Detector.Index, DriftVerdict.InsufficientData));
        var reading = new NotificationReading();
        await source.ReadAsync(reading, Cancellation);
        (reading.Facts.Count, reading.IsUndecided(told)).ShouldBe((0, true));

        await AddAsync(world, DriftCause.Nothing, (Detector.Index, DriftVerdict.None), (Detector.Data, DriftVerdict.InsufficientData));
        reading = new();
        await source.ReadAsync(reading, Cancellation);
        (reading.Facts.Count, reading.IsUndecided(told)).ShouldBe((0, false));
    }

    [Fact]
    public async Task A_mixed_index_and_a_probe_that_fails_are_told_as_what_they_are()
    {
        await using var world = await WithCorpusAsync(100);
        await AddAsync(world, DriftCause.IndexMixed, (Detector.Index, DriftVerdict.Confirmed));
        await AddAsync(world, DriftCause.CouldNotLook, (Detector.Model, DriftVerdict.Failed));

        (await ReadAsync(new DriftNotifications(world.State))).Select(fact => (fact.Kind, fact.Key)).ShouldBe([(ProbeFailing, "drift/docs/probe"), (MixedIndex, "drift/docs/index_mixed")], ignoreOrder: true);
    }

    [Fact]
    public async Task A_bridge_in_use_and_a_check_that_was_missed_are_told_until_they_are_over()
    {
        await using var world = await WithCorpusAsync(100);
        var (bridges, schedules) = (new BridgeNotifications(world.Services.GetRequiredService<BridgeStore>()), new ScheduleNotifications(world.State, new(world.State, world.Options, world.Time), world.Time));
        (await ReadAsync(bridges)).ShouldBeEmpty();
        (await ReadAsync(schedules)).ShouldBeEmpty();

        var bridge = await world.BridgeAsync();
        world.Time.PutForward(TimeSpan.FromHours(5));

        (await ReadAsync(bridges)).ShouldHaveSingleItem().Subject.ShouldBe(bridge.Report.Id);
        var missed = await ReadAsync(schedules);
        missed.ShouldContain(fact => fact.Kind == JobMissed && fact.Key == "schedule/docs/model");

        await AddAsync(world, DriftCause.Nothing, (Detector.Model, DriftVerdict.None));
        (await ReadAsync(schedules)).ShouldNotContain(fact => fact.Key == "schedule/docs/model");
    }

    private static RolloutNotifications RolloutsOf(RolloutWorld world) => new(world.State, world.Services.GetRequiredService<CopySpending>(), world.Time);

    private static async Task<List<NotificationFact>> ReadAsync(INotificationSource source)
    {
        var reading = new NotificationReading();
        await source.ReadAsync(reading, Cancellation);
        reading.Facts.ShouldAllBe(fact => fact.Key.StartsWith($"{source.Area}/", StringComparison.Ordinal));
        return reading.Facts;
    }

    private static async Task AddAsync(RolloutWorld world, DriftCause cause, params (Detector Detector, DriftVerdict Verdict)[] found)
    {
        world.Time.PutForward(TimeSpan.FromMinutes(1));
        var report = new DriftReport
        {
            Id = Guid.NewGuid().ToString("n"),
            Index = IndexName,
            At = world.Time.GetUtcNow(),
            Trigger = DriftService.Requested,
            Detectors = [.. found.Select(one => DetectorResult.Without(one.Detector, one.Verdict, DriftReason.Unexpected, ""))],
            Diagnosis = new()
            {
                Cause = cause,
                Certainty = Certainty.Likely,
                WhatHappened = "It happened.",
                SinceWhen = "Since then.",
                WhatToDo = "Do this.",
            },
            Seed = 1,
            Milliseconds = 1,
        };
        await world.State.AddDriftReportAsync(
            new(report.Id, IndexName, report.At, report.Trigger, DriftJson.Word(report.Verdict), DriftJson.Word(cause), JsonSerializer.Serialize(report, DriftJson.Options),
                [.. found.Select(one => new StoredDriftVerdict(DriftJson.Word(one.Detector), DriftJson.Word(one.Verdict), null, null, null))]),
            Cancellation);
    }

    private static Rollout Rollout(DateTimeOffset at) => new()
    {
        Id = "docs-r1",
        Index = "docs",
        FromModel = "old",
        FromFingerprint = new string('a', 64),
        ToModel = "new",
        ToFingerprint = new string('b', 64),
        Blue = "blue",
        Green = "green",
        CalibrationSet = "set",
        CreatedAt = at,
        PhaseSince = at,
        ExpectedToken = new("docs", 1, "n"),
    };
}
