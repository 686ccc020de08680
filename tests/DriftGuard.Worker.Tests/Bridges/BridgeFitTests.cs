using DriftGuard.Core.Retrieval.Bridges;
using DriftGuard.State;
using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Tests.Rollouts;
using Microsoft.Extensions.DependencyInjection;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Bridges;

/// <summary>Bridges between models whose spaces have nothing to do with each other: none of them may serve, and what is missing is said.</summary>
public sealed class BridgeFitTests
{
    private static readonly BridgeRequest Request = new(IndexName, "new");

    [Fact]
    public async Task A_bridge_that_finds_nothing_is_refused_and_on_record()
    {
        await using var world = await WithCorpusAsync(1_100);
        var before = await world.BridgeAsync();

        var report = await FitAsync(world, Request);

        report.Verdict.ShouldBe(BridgeVerdict.Refused, report.Decision.Sentence);
        report.OldMean.ShouldBeGreaterThan(.9);
        report.BridgeMean.ShouldBeLessThan(.3);
        report.UnmappedMean.ShouldBeNull("the spaces differ in dimensions");
        (report.Pairs, report.Choosing, report.Decision.Queries).ShouldBe((1_100, Queries / 2, Queries / 2));
        report.Candidates.Select(candidate => candidate.Kind).ShouldBe(Enum.GetValues<MapKind>());
        report.Candidates.Max(candidate => candidate.Mean).ShouldBe(report.Candidates.Single(candidate => candidate.Kind == report.Kind).Mean);
        report.Notes.ShouldContain(note => note.StartsWith("150 labelled queries choose and decide, where 400 are wanted", StringComparison.Ordinal));
        var all = await Bridges(world).ListAsync(IndexName, Cancellation);
        all.Select(bridge => (bridge.Report.Id, bridge.InUse)).ShouldBe([(report.Id, false), (before.Report.Id, true)]);
        (await world.State.FindBridgeMapAsync(report.Id, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Where_the_old_model_is_gone_what_it_scored_is_what_counts()
    {
        await using var world = await WithCorpusAsync(1_100);
        var scored = await world.Services.GetRequiredService<EvaluationService>().ScoreAsync(IndexName, null, Cancellation);
        world.RetireOld();

        var report = await FitAsync(world, Request);

        report.OldEvaluation.ShouldBe(scored.Id);
        report.OldMean.ShouldBe(scored.Old.Means[0], 1e-12);
        report.Verdict.ShouldBe(BridgeVerdict.Refused);
    }

    [Fact]
    public async Task Queries_that_are_judged_otherwise_since_are_left_out()
    {
        await using var world = await WithCorpusAsync(1_100);
        await world.Services.GetRequiredService<EvaluationService>().ScoreAsync(IndexName, null, Cancellation);
        world.RetireOld();
        world.AddJudgements(Set, Enumerable.Range(1, 10).Select(query => (query, query + 200)));

        var report = await FitAsync(world, Request);

        (report.Choosing + report.Decision.Queries).ShouldBe(Queries - 10);
        report.Notes.ShouldContain(note => note.EndsWith("which lacks 10 of the queries", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_nobody_can_say_what_the_old_model_found_nothing_is_fitted()
    {
        await using var world = await WithCorpusAsync(1_100);
        world.RetireOld();

        var refused = await Should.ThrowAsync<OperatorException>(() => FitAsync(world, Request));

        refused.Error.ShouldBe(OperatorError.Inconclusive);
        refused.Message.ShouldContain(TestBridges.Retired);
        refused.Message.ShouldContain("no stored evaluation of");
        (await Bridges(world).ListAsync(IndexName, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Too_few_documents_are_refused()
    {
        await using var world = await WithCorpusAsync(200);

        var refused = await Should.ThrowAsync<OperatorException>(() => FitAsync(world, Request));

        refused.Error.ShouldBe(OperatorError.Inconclusive);
        refused.Message.ShouldStartWith("inconclusive: 200 of 200 documents drawn from");
        refused.Message.ShouldContain("driftguard rollout start docs");
    }

    /// <summary>Not those whose text was edited since, nor those that another model's vectors stand in.</summary>
    [Fact]
    public async Task Only_documents_with_the_vector_of_their_text_are_pairs()
    {
        await using var world = await WithCorpusAsync(1_010);
        await world.SetAsync(5, "text", "an edited text");
        await world.SetAsync(6, "text", " ");

        (await FitAsync(world, Request)).Pairs.ShouldBe(1_008);
    }

    [Fact]
    public async Task The_model_that_serves_needs_no_bridge()
    {
        await using var world = await WithCorpusAsync(200);

        var refused = await Should.ThrowAsync<OperatorException>(() => FitAsync(world, Request with { Model = "old" }));

        refused.Error.ShouldBe(OperatorError.Invalid);
    }

    [Fact]
    public async Task A_map_that_is_not_the_one_that_was_stored_is_not_used()
    {
        await using var world = await WithCorpusAsync(200);
        var bridge = await world.BridgeAsync();
        var map = Bridge.Write(bridge.Map);
        map[0] ^= 1;

        Should.Throw<StateException>(() => Bridge.Read(bridge.Report, map)).Message.ShouldContain("is not the one that was stored");
        Should.Throw<StateException>(() => Bridge.Read(bridge.Report, map[..^4]));
        Bridge.Read(bridge.Report, Bridge.Write(bridge.Map)).MapQuery(world.New.VectorOf("word5")).ShouldBe(bridge.MapQuery(world.New.VectorOf("word5")));
    }

    private static BridgeService Bridges(RolloutWorld world) => world.Services.GetRequiredService<BridgeService>();

    private static Task<BridgeReport> FitAsync(RolloutWorld world, BridgeRequest request) => Bridges(world).FitAsync(request, null, Cancellation);
}
