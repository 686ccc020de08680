using DriftGuard.Core.Retrieval.Bridges;
using DriftGuard.Core.Rollouts;
using DriftGuard.Testing.Models;
using DriftGuard.Worker.Tests.Drift;
using DriftGuard.Worker.Tests.Gate;
using static DriftGuard.Worker.Tests.Gate.GateWorld;

namespace DriftGuard.Worker.Tests.Bridges;

/// <summary>Bridges between real models, over real requests.</summary>
public sealed class RealBridgeTests
{
    private const string Index = "docs";

    /// <summary>The case that was recorded: e5's queries over MiniLM's vectors of clinc150.</summary>
    [Fact]
    public async Task Queries_of_e5_find_in_the_vectors_of_MiniLM_over_a_bridge_what_its_own_do()
    {
        Assert.SkipWhen(DriftWorld.E5 is null, "set DRIFTGUARD_E5_MODEL_DIR to a folder with model.onnx and vocab.txt of e5-small-v2 (int8)");
        await using var world = await StartAsync(options => options with { Models = options.Models with { Sessions = 2 } }); // 20,000 texts
        await world.IndexAsync(Index, MiniLm, "clinc150");

        var report = await world.Engine.Bridges.FitAsync(new(Index, E5), null, Cancellation);

        report.Verdict.ShouldBe(BridgeVerdict.Serves, report.Decision.Sentence);
        report.OldMean.ShouldBe(.851, .005);
        report.UnmappedMean!.Value.ShouldBe(.245, .02);
        report.BridgeMean.ShouldBeGreaterThanOrEqualTo(.846);
        report.Pairs.ShouldBe(BridgeRule.WantedPairs);
    }

    /// <summary>From the loss of the old model's files to a cutover, in another process each.</summary>
    [Fact]
    public async Task An_index_whose_model_is_lost_goes_on_over_a_bridge_until_a_rollout_has_cut_over()
    {
        const string Lost = "lost-model";
        await using var world = await StartAsync();
        var model = ModelCopy.Of(Path.Join(AppContext.BaseDirectory, "models", GateWorld.Static), Path.Join(world.Models, Lost)).With("name", Lost);
        var set = MixedLanguages.Write(world.Sets, "requests", [new("clinc150", "en", DocumentsOfEachLabel: 8, EveryNthQuery: 3)]);
        await world.IndexAsync(Index, Lost, set, Path.Join(world.Sets, set, "corpus.jsonl"));
        var scored = await world.Engine.Evaluations.ScoreAsync(Index, null, Cancellation);

        Directory.Delete(model.Directory, recursive: true);
        await world.RestartAsync(options => options);
        var refused = await Should.ThrowAsync<OperatorException>(() => world.RolloutAsync(Index, MiniLm));
        refused.Message.ShouldContain("driftguard bridge fit docs --model NEW");

        var bridge = await world.Engine.Bridges.FitAsync(new(Index, MiniLm), null, Cancellation);
        bridge.Verdict.ShouldBe(BridgeVerdict.Serves, bridge.Decision.Sentence);
        (bridge.OldEvaluation, bridge.From, bridge.To).ShouldBe((scored.Id, 384, 128));
        await world.RestartAsync(options => options);

        var rollout = await world.RolloutAsync(Index, MiniLm);

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        var report = await world.ReportAsync(rollout);
        report.Old.Model.ShouldBe($"{MiniLm} through a bridge to {Lost}");
        report.Old.Means[0].ShouldBe(bridge.BridgeMean, .02);
        report.New!.Means[0].ShouldBeGreaterThan(report.Old.Means[0]);
        (await world.Engine.Indexes.ShowAsync(Index, Cancellation)).RequireModel().ShouldBe(MiniLm);
        (await world.Engine.Bridges.ListAsync(Index, Cancellation)).ShouldHaveSingleItem().InUse.ShouldBeFalse();
    }
}
