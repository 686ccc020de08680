using DriftGuard.Core.Gate;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Rollouts;
using DriftGuard.Testing.Models;
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
        var comparisons = (await world.ReportAsync(rollout)).Comparisons;
        comparisons[0].Result.Verdict.Passes().ShouldBeTrue(); // .992 to .997: hardly room to be better in.
        comparisons[0].Result.MeanDifference.ShouldBe(.005, .004);
        comparisons[1].Result.Verdict.ShouldBe(MatchesOrBeatsVerdict.Better);
        comparisons[1].Result.MeanDifference.ShouldBe(.027, .006);
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

    /// <summary>The tokenizer that keeps accents knows no word that has one: nothing changes in English.</summary>
    [Fact]
    public async Task A_model_that_serves_English_alone_is_stopped_by_the_languages_that_it_fails()
    {
        await using var world = await StartAsync();
        ModelCopy.Of(Path.Join(AppContext.BaseDirectory, "models", MiniLm), Path.Join(world.Models, "english-only"))
            .With("name", "english-only").With("tokenizer.strip_accents", "false");
        await IndexMixedAsync(world, MixedLanguages.Paragraphs, MiniLm);

        var rollout = await world.RolloutAsync(Index, "english-only", Unattended with { Preflight = false });

        (rollout.Phase, rollout.Reason).ShouldBe((RolloutPhase.Failed, RolloutReason.GateRefused), rollout.Message);
        var row = (await world.ReportAsync(rollout)).Gate!.Rows.Single(row => row.Condition == "no slice left behind");
        row.Reason.ShouldBe(GateReason.SliceWorse);
        row.Figures["lang=en"].ShouldBe(0, .005);
        row.Message.ShouldContain("lang=es is worse");
        row.Message.ShouldNotContain("lang=en is worse");
        rollout.Message.ShouldContain("lang=es is worse");
    }

    /// <summary>Better on the English requests, which are most: the whole set does not show what Spanish loses.</summary>
    [Fact]
    public async Task A_language_that_is_lost_is_found_where_the_whole_set_passes()
    {
        SkipWithoutE5();
        await using var world = await StartAsync();
        await IndexMixedAsync(world, MixedLanguages.MostlyEnglish, E5);

        var rollout = await world.RolloutAsync(Index, MiniLm, Unattended with { Preflight = false });

        (rollout.Phase, rollout.Reason).ShouldBe((RolloutPhase.Failed, RolloutReason.GateRefused), rollout.Message);
        var report = await world.ReportAsync(rollout);
        report.Comparisons.ShouldAllBe(comparison => comparison.Result.Verdict.Passes());
        report.Gate!.Rows.Where(row => row.Verdict == GateVerdict.Fail).ShouldHaveSingleItem().Reason.ShouldBe(GateReason.SliceWorse);
        rollout.Message.ShouldContain("lang=es is worse");
    }

    private static async Task IndexMixedAsync(GateWorld world, MixedLanguages.Part[] parts, string model)
    {
        var set = MixedLanguages.Write(world.Sets, "mixed-languages", parts);
        await world.IndexAsync(Index, model, set, Path.Join(world.Sets, set, "corpus.jsonl"));
    }

    private static void SkipWithoutE5() =>
        Assert.SkipWhen(DriftWorld.E5 is null, "set DRIFTGUARD_E5_MODEL_DIR to a folder with model.onnx and vocab.txt of e5-small-v2 (int8)");
}
