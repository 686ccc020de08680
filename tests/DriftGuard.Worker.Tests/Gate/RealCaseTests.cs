using DriftGuard.Core.Gate;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Tests.Drift;
using static DriftGuard.Worker.Tests.Gate.GateWorld;

namespace DriftGuard.Worker.Tests.Gate;

/// <summary>Whole rollouts between real models on real corpora: each is decided as it must be, by what the documents and labels say.</summary>
public sealed class RealCaseTests
{
    private const string Index = "docs";

    [Fact]
    public async Task Static_to_MiniLM_on_English_paragraphs_passes()
    {
        await using var world = await StartAsync();
        await world.IndexAsync(Index, GateWorld.Static, "xquad-en");

        var rollout = await world.RolloutAsync(Index, MiniLm);

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        rollout.Preflight!.Refused.ShouldBeFalse(rollout.Preflight.Message);
        rollout.Estimate!.Texts.ShouldBe(240);
        var report = await world.ReportAsync(rollout);
        report.Comparisons.ShouldAllBe(comparison => comparison.Result.Verdict == MatchesOrBeatsVerdict.Better);
        report.Gate!.Rows.ShouldAllBe(row => row.Verdict == GateVerdict.Pass && row.Threshold.Length > 0);
    }

    [Theory]
    [InlineData(true, RolloutReason.PreflightRefused)]
    [InlineData(false, RolloutReason.GateRefused)]
    public async Task MiniLM_to_static_is_refused_by_the_preflight_and_without_one_by_the_gate(bool preflight, string reason)
    {
        await using var world = await StartAsync();
        await world.IndexAsync(Index, MiniLm, "xquad-en");

        var rollout = await world.RolloutAsync(Index, GateWorld.Static, Unattended with { Preflight = preflight });

        (rollout.Phase, rollout.Reason).ShouldBe((RolloutPhase.Failed, reason), rollout.Message);
        (await world.Engine.Indexes.ShowAsync(Index, Cancellation)).RequireModel().ShouldBe(MiniLm);
        if (preflight)
        {
            rollout.PartitionsPlanned.ShouldBe(0, "nothing was copied");
        }
        else
        {
            (await world.ReportAsync(rollout)).Gate!.Rows.Where(row => row.Verdict == GateVerdict.Fail).ShouldAllBe(row => row.Reason == GateReason.Worse);
        }
    }

    [Fact]
    public async Task MiniLM_to_e5_on_English_paragraphs_is_better()
    {
        SkipWithoutE5();
        await using var world = await StartAsync();
        await world.IndexAsync(Index, MiniLm, "xquad-en");

        var rollout = await world.RolloutAsync(Index, E5);

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        var comparison = (await world.ReportAsync(rollout)).Comparisons[0].Result;
        comparison.Verdict.ShouldBe(MatchesOrBeatsVerdict.Better);
        comparison.MeanDifference.ShouldBe(.008, .004);
    }

    [Fact]
    public async Task MiniLM_to_e5_on_short_requests_is_worse()
    {
        SkipWithoutE5();
        await using var world = await StartAsync();
        await world.IndexAsync(Index, MiniLm, "clinc150");

        var rollout = await world.RolloutAsync(Index, E5);

        (rollout.Phase, rollout.Reason).ShouldBe((RolloutPhase.Failed, RolloutReason.GateRefused), rollout.Message);
        var report = await world.ReportAsync(rollout);
        report.Comparisons[0].Result.Verdict.ShouldBe(MatchesOrBeatsVerdict.Worse);
        report.Comparisons[0].Result.MeanDifference.ShouldBe(-.023, .006);
    }

    private static void SkipWithoutE5() =>
        Assert.SkipWhen(DriftWorld.E5 is null, "set DRIFTGUARD_E5_MODEL_DIR to a folder with model.onnx and vocab.txt of e5-small-v2 (int8)");
}
