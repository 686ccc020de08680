using DriftGuard.Core.Gate;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Estimates;
using DriftGuard.Embedding;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Tests.Drift;
using DriftGuard.Worker.Tests.Gate;
using static DriftGuard.Worker.Tests.Gate.GateWorld;

namespace DriftGuard.Worker.Tests.Rollouts.Planning;

/// <summary>What a plan says before anything is copied, and what a budget does to a rollout.</summary>
public sealed class RolloutPlanTests
{
    private const string Index = "docs";

    [Fact]
    public async Task Tokens_of_a_small_corpus_are_those_that_the_model_sees()
    {
        await using var world = await WithParagraphsAsync();
        using var model = EmbeddingModel.Open(Path.Join(AppContext.BaseDirectory, "models", MiniLm), new() { Sessions = 1 });
        var outcomes = await model.EmbedAsync([.. Texts.Paragraphs("en").Select(paragraph => paragraph.Text)], Core.Embedding.InputKind.Document, Cancellation);

        var estimate = (await EstimateAsync(world)).Estimate!;

        estimate.Tokens.ShouldBe(outcomes.Sum(outcome => outcome.Tokens), .5);
        estimate.TokensUncertainty.ShouldBe(0);
        estimate.Sample.Truncated.ShouldBe(outcomes.Count(outcome => outcome.Truncated));
        estimate.Hours!.Value.ShouldBeGreaterThan(0);
        estimate.Money.ShouldBe(0);
        estimate.Footprint.MemoryBytes.ShouldBe(240 * 384 * 4 * 1.5);
        estimate.Footprint.DiskBytes.ShouldBeGreaterThan(2 * 240 * ((384 * 4) + Texts.Paragraphs("en").Average(paragraph => System.Text.Encoding.UTF8.GetByteCount(paragraph.Text))));
    }

    [Fact]
    public async Task A_plan_writes_nothing()
    {
        await using var world = await WithParagraphsAsync();
        var before = await world.Engine.Installation.Qdrant.ListCollectionsAsync(Cancellation);

        var plan = await EstimateAsync(world);
        await world.Engine.Rollouts.PreflightAsync(plan, 1, Cancellation);

        (await world.Engine.Installation.Qdrant.ListCollectionsAsync(Cancellation)).ShouldBe(before);
        (await world.Engine.Installation.State.ListRolloutsAsync(null, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_seed_draws_the_same_sub_corpus_and_says_the_same()
    {
        await using var world = await WithParagraphsAsync();
        var plan = await world.Engine.Rollouts.PlanAsync(Index, MiniLm, null, Unattended, Cancellation);

        var (first, _) = await world.Engine.Rollouts.PreflightAsync(plan, 5, Cancellation);
        var (second, _) = await world.Engine.Rollouts.PreflightAsync(plan, 5, Cancellation);
        var (other, _) = await world.Engine.Rollouts.PreflightAsync(plan, 6, Cancellation);

        second.Sentence.ShouldBe(first.Sentence);
        second.Queries.Select(query => query.Id).ShouldBe(first.Queries.Select(query => query.Id));
        other.Queries.Select(query => query.Id).ShouldNotBe(first.Queries.Select(query => query.Id));
        first.Queries.Count.ShouldBeInRange(300, 320);
    }

    [Fact]
    public async Task A_plan_beyond_its_budget_is_not_started()
    {
        await using var world = await WithParagraphsAsync();
        var plan = await EstimateAsync(world, new() { Tokens = 1_000, Hours = 5 });

        var refusal = await Should.ThrowAsync<OperatorException>(() => world.Engine.Rollouts.StartAsync(plan, "xquad-en", Cancellation));

        plan.Excesses.ShouldHaveSingleItem().Name.ShouldBe("tokens");
        refusal.Error.ShouldBe(OperatorError.Refused);
        refusal.Message.ShouldContain("and the budget allows 1000");
        (await world.Engine.Installation.State.ListRolloutsAsync(null, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_plan_that_was_not_measured_is_measured_before_it_starts()
    {
        await using var world = await WithParagraphsAsync();
        var plan = await world.Engine.Rollouts.PlanAsync(Index, MiniLm, null, Unattended with { Budget = new() { Tokens = 1_000 } }, Cancellation);

        (await Should.ThrowAsync<OperatorException>(() => world.Engine.Rollouts.StartAsync(plan, "xquad-en", Cancellation))).Error.ShouldBe(OperatorError.Refused);
    }

    [Fact]
    public async Task Who_approved_stands_in_the_gates_report()
    {
        await using var world = await WithParagraphsAsync();
        var rollout = await world.RolloutAsync(Index, MiniLm, Unattended with { RequireApproval = true });
        var before = await world.ReportAsync(rollout);
        await world.Engine.Rollouts.RequestAsync(rollout, RequestKind.Approve, "grace", Cancellation);
        rollout = await world.FollowAsync(rollout);

        before.Gate!.Rows[^1].Reason.ShouldBe(GateReason.ApprovalAwaited);
        (await world.ReportAsync(rollout)).Gate!.Rows[^1].ShouldSatisfyAllConditions(
            row => row.Reason.ShouldBe(GateReason.Approved),
            row => row.Verdict.ShouldBe(GateVerdict.Pass),
            row => row.Message.ShouldStartWith("approved by grace at "));
        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
    }

    [Fact]
    public async Task A_gate_that_the_budget_blocks_passes_once_it_is_raised()
    {
        await using var world = await WithParagraphsAsync(Bounded(1_000));

        // Planned under a larger budget, which was lowered meanwhile.
        var rollout = await world.RolloutAsync(Index, MiniLm, Unattended with { Budget = new() { Tokens = 1e6 } });
        rollout.Reason.ShouldBe(RolloutReason.GateBlocked, rollout.Message);
        (await world.ReportAsync(rollout)).Gate!.Rows.Single(row => row.Condition == "budget").Reason.ShouldBe(GateReason.OverBudget);

        await world.RestartAsync(Bounded(1e6));
        await world.Engine.Rollouts.RequestAsync(rollout, RequestKind.Resume, "test", Cancellation);
        rollout = await world.FollowAsync(rollout);

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        (await world.ReportAsync(rollout)).Gate!.Rows.Single(row => row.Condition == "budget").Reason.ShouldBe(GateReason.WithinBudget);
    }

    [Theory]
    [InlineData("empty", 0, "has no query with a relevant document")]
    [InlineData("single", 1, "two groups are the least that can be compared")]
    [InlineData("stale", 2, "none of the 2 relevant documents")]
    public async Task A_set_that_can_decide_nothing_is_inconclusive_before_anything_is_copied_and_says_what_to_add(string name, int queries, string says)
    {
        await using var world = await WithParagraphsAsync();
        WriteSet(world, name, queries, stale: name == "stale");

        var problem = await Should.ThrowAsync<OperatorException>(() => world.Engine.Rollouts.PlanAsync(Index, MiniLm, name, Unattended, Cancellation));

        problem.Error.ShouldBe(OperatorError.Inconclusive);
        problem.Message.ShouldStartWith("inconclusive");
        problem.Message.ShouldContain(says);
        problem.Message.ShouldMatch("[Aa]dd |label ");
    }

    [Theory]
    [InlineData(0, GateReason.NoQueries)]
    [InlineData(1, GateReason.TooFewQueries)]
    public async Task A_set_that_lost_its_queries_meanwhile_leaves_the_gate_inconclusive(int queries, string reason)
    {
        await using var world = await WithParagraphsAsync();
        WriteSet(world, "shrinking", 60);
        var plan = await world.Engine.Rollouts.PlanAsync(Index, MiniLm, "shrinking", Unattended with { Preflight = false }, Cancellation);
        var started = await world.Engine.Rollouts.StartAsync(plan, "shrinking", Cancellation);
        WriteSet(world, "shrinking", queries);

        var rollout = await world.FollowAsync(started);

        (rollout.Phase, rollout.Reason).ShouldBe((RolloutPhase.Paused, RolloutReason.GateInconclusive), rollout.Message);
        (await world.ReportAsync(rollout)).Gate!.Rows.Where(row => row.Condition.StartsWith("matches", StringComparison.Ordinal)).ShouldAllBe(row => row.Reason == reason);
        rollout.Message.ShouldContain(queries == 0 ? "Add 40 or more, of different documents" : "add queries of 39 or more other documents");
    }

    private static Func<DriftGuardOptions, DriftGuardOptions> Bounded(double tokens) =>
        options => options with { Rollout = options.Rollout with { Budget = new() { Tokens = tokens } } };

    private static async Task<GateWorld> WithParagraphsAsync(Func<DriftGuardOptions, DriftGuardOptions>? configure = null)
    {
        var world = await StartAsync(configure);
        await world.IndexAsync(Index, GateWorld.Static, "xquad-en");
        return world;
    }

    private static async Task<Worker.Rollouts.Planning.RolloutPlan> EstimateAsync(GateWorld world, RolloutBudget? budget = null) =>
        await world.Engine.Rollouts.EstimateAsync(await world.Engine.Rollouts.PlanAsync(Index, MiniLm, null, Unattended with { Budget = budget }, Cancellation), 1, Cancellation);

    private static void WriteSet(GateWorld world, string name, int queries, bool stale = false)
    {
        var folder = Directory.CreateDirectory(Path.Join(world.Sets, name)).FullName;
        var ids = stale ? ["gone1", "gone2"] : Texts.Paragraphs("en").Select(paragraph => paragraph.Id).ToList();
        File.WriteAllText(Path.Join(folder, "set.yaml"), $"name: {name}\nid_field: id\n");
        File.WriteAllLines(Path.Join(folder, "queries.jsonl"), Enumerable.Range(0, queries).Select(i => $$"""{"id":"q{{i}}","text":"{{Texts.Questions("en")[i].Replace("\"", "", StringComparison.Ordinal)}}"}"""));
        File.WriteAllLines(Path.Join(folder, "qrels.tsv"), Enumerable.Range(0, queries).Select(i => $"q{i}\t{ids[i]}\t1").Prepend("query-id\tcorpus-id\tscore"));
    }
}
