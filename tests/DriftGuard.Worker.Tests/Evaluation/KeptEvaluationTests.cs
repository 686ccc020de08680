using System.Globalization;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Evaluation;
using Microsoft.Extensions.DependencyInjection;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Evaluation;

/// <summary>What a rollout keeps of its preflight, gate and soak.</summary>
public sealed class KeptEvaluationTests
{
    [Fact]
    public async Task Preflight_gate_and_soak_are_kept_in_full()
    {
        await using var world = await WithCorpusAsync();
        var service = world.Services.GetRequiredService<EvaluationService>();
        var settings = Quick with { Preflight = true, Soak = TimeSpan.FromHours(1), SoakCheckInterval = TimeSpan.FromMilliseconds(1) };

        var rollout = await world.RunAsync(await world.StartAsync(settings), onDecision: d => world.New.Bad = d.Phase is RolloutPhase.Soaking);

        rollout.Reason.ShouldBe(RolloutReason.SoakBreach, rollout.Message);
        var kept = await service.ListAsync(IndexName, 100, Cancellation);
        kept.Take(2).Select(e => (e.Kind, e.Verdict)).ShouldBe([("soak", "worse"), ("soak", "worse")], "worse twice in a row is a breach");
        kept.TakeLast(2).Select(e => (e.Kind, e.Verdict)).ShouldBe([("gate", "passed"), ("preflight", "not_refused")]);
        var (soak, gate, preflight) = (await GetAsync(0), await GetAsync(kept.Count - 2), await GetAsync(kept.Count - 1));

        preflight.SubCorpus!.Documents.ShouldBeGreaterThan(preflight.SubCorpus.Queries);
        preflight.Seed.ShouldNotBeNull();
        preflight.Comparisons.ShouldAllBe(c => c.Result.Alpha == .01 && c.Attribution == null);
        gate.Comparisons.ShouldAllBe(c => c.Attribution != null && c.Exact != null);
        gate.Queries.ShouldAllBe(q => q.OldExact != null && q.NewExact != null);
        soak.Old.Means.ShouldBe(gate.Old.Means, "what the old collection scored at the gate");
        soak.Comparisons.ShouldAllBe(c => c.Attribution!.Model.Loses && !c.Attribution.Index.Loses);
        var worst = soak.Examples!.MostWorsened[0];
        worst.OldResults[0].Judgement.ShouldBe(DocumentJudgement.Relevant);
        worst.OldResults[0].Excerpt.ShouldBe(TextOf(int.Parse(worst.Relevant[0], CultureInfo.InvariantCulture)));
        worst.NewResults!.ShouldAllBe(result => result.Excerpt != null);
        (await service.GetAsync(IndexName, Cancellation)).Id.ShouldBe(soak.Id);
        (await service.GetAsync(rollout.Id, Cancellation)).Id.ShouldBe(gate.Id, "what was approved");

        async Task<EvaluationReport> GetAsync(int place) => await service.GetAsync(kept[place].Id, Cancellation);
    }
}
