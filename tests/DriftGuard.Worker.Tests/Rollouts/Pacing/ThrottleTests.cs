using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Limits;
using DriftGuard.Worker.Configuration;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Rollouts.Pacing;

/// <summary>Limits that are changed while a rollout runs, against a real server and real state.</summary>
public sealed class ThrottleTests
{
    private const int Documents = 400;

    [Fact]
    public async Task A_rollout_that_may_copy_next_to_nothing_goes_on_once_it_is_told_that_it_may()
    {
        await using var world = await WithCorpusAsync(Documents);

        // A batch goes at once, the next one after hours.
        var rollout = await world.StartAsync(Quick with { PointsPerSecond = .01, ConcurrentPartitions = 4 });
        var lifted = false;

        rollout = await world.RunAsync(rollout, onDecision: decision =>
        {
            if (!lifted && decision.Phase == RolloutPhase.Copying && CopiedAsync(world, rollout).GetAwaiter().GetResult() > 0)
            {
                lifted = true;
                ThrottleAsync(world, rollout, (LimitChange.PointsPerSecond, null)).GetAwaiter().GetResult();
            }
        });

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        await world.ShouldMirrorAsync(rollout.Green, rollout.Blue, world.New);
    }

    [Theory]
    [InlineData(LimitChange.TokensPerMinute)]
    [InlineData(LimitChange.CallsPerMinute)]
    public async Task Calls_and_tokens_a_minute_hold_the_copy_until_they_are_lifted(string limit)
    {
        await using var world = await WithCorpusAsync(Documents);
        var rollout = await world.StartAsync(Quick with { CallsPerMinute = limit == LimitChange.CallsPerMinute ? .001 : null, TokensPerMinute = limit == LimitChange.TokensPerMinute ? .001 : null });
        var (copied, lifted) = (0L, false);

        rollout = await world.RunAsync(rollout, onDecision: decision =>
        {
            if (!lifted && decision.Phase == RolloutPhase.Copying && (copied = CopiedAsync(world, rollout).GetAwaiter().GetResult()) > 0)
            {
                lifted = true;
                ThrottleAsync(world, rollout, (limit, null)).GetAwaiter().GetResult();
            }
        });

        copied.ShouldBeLessThan(Documents, "one batch went at once, and the others waited");
        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
    }

    [Fact]
    public async Task More_partitions_at_a_time_are_begun_while_the_first_is_under_way()
    {
        const int AtATime = 4;
        await using var world = await WithCorpusAsync(Documents);
        await world.MeasureNewAsync();
        var (standing, one, all) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        world.New.Before = async cancellation =>
        {
            one.TrySetResult();
            if (Interlocked.Increment(ref standing) == AtATime)
            {
                all.TrySetResult();
            }

            await all.Task.WaitAsync(cancellation);
        };
        var rollout = await world.StartAsync(Quick with { Partitions = AtATime, ConcurrentPartitions = 1 });
        var run = world.RunAsync(rollout);
        await one.Task.WaitAsync(Cancellation);

        await ThrottleAsync(world, rollout, (LimitChange.ConcurrentPartitions, AtATime));

        (await run).Phase.ShouldBe(RolloutPhase.Completed, "none of the first four calls ends before all are under way");
    }

    [Fact]
    public async Task Money_that_is_spent_pauses_the_copy_without_spending_more_than_the_batches_under_way_and_a_higher_cap_lets_it_go_on()
    {
        // One token costs one. Texts of the corpus have about 25 characters, and the model counts each as a token.
        const double Cap = 2_000;
        const int BatchSize = 16;
        await using var world = await WithCorpusAsync(Documents, options: Priced(1_000_000));
        var spent = 0L;
        world.New.Asked = texts => Interlocked.Add(ref spent, texts.Sum(text => text.Length));
        await world.MeasureNewAsync();
        Interlocked.Exchange(ref spent, 0);
        var rollout = await world.StartAsync(Quick with { MoneyCap = Cap, BatchSize = BatchSize, Partitions = 4, ConcurrentPartitions = 2 });

        rollout = await world.RunAsync(rollout, decision => decision.Phase == RolloutPhase.Paused || decision.Phase.IsEnd());

        rollout.Reason.ShouldBe(RolloutReason.BudgetSpent, rollout.Message);
        rollout.Message.ShouldContain(" USD of 2000.00 are spent");
        rollout.Message.ShouldContain($"driftguard rollout throttle {rollout.Id} --money AMOUNT");
        var (onRecord, embedded) = (await TokensAsync(world, rollout), Interlocked.Read(ref spent));
        onRecord.ShouldBeGreaterThanOrEqualTo((long)Cap);

        // Each of two partitions has a batch that is embedded, two that wait to be written and one that is being written.
        embedded.ShouldBeLessThan((long)Cap + (2 * 4 * BatchSize * TextOf(Documents).Length));

        await ThrottleAsync(world, rollout, (LimitChange.Money, 1_000_000));
        rollout = await world.RunAsync(rollout);

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        (await TokensAsync(world, rollout)).ShouldBeGreaterThanOrEqualTo(Enumerable.Range(1, Documents).Sum(document => (long)TextOf(document).Length));
        await world.ShouldMirrorAsync(rollout.Green, rollout.Blue, world.New);
    }

    [Fact]
    public async Task A_cap_without_a_price_is_refused_when_it_is_planned_and_when_it_is_set()
    {
        await using var world = await WithCorpusAsync(Documents);

        (await Should.ThrowAsync<OperatorException>(() => world.StartAsync(Quick with { MoneyCap = 5 }))).Message
            .ShouldBe("spending cannot be capped: the price of model 'new' is not configured. Add it to models.prices: [{ model: new, perMillionTokens: ..., currency: USD }]");
        var rollout = await world.StartAsync();
        (await Should.ThrowAsync<OperatorException>(() => ThrottleAsync(world, rollout, (LimitChange.Money, 5)))).Error.ShouldBe(OperatorError.Invalid);
        (await Should.ThrowAsync<OperatorException>(() => ThrottleAsync(world, rollout))).Message.ShouldStartWith("nothing is to be changed");
    }

    [Fact]
    public async Task A_rollout_that_has_ended_has_no_limits_to_change()
    {
        await using var world = await WithCorpusAsync(Documents);
        var rollout = await world.RunAsync(await world.StartAsync());

        (await Should.ThrowAsync<OperatorException>(() => ThrottleAsync(world, rollout, (LimitChange.PointsPerSecond, 5)))).Message.ShouldContain("has ended (Completed)");
    }

    internal static DriftGuardOptions Priced(double perMillionTokens) => new() { Models = new() { Prices = [new() { Model = "new", PerMillionTokens = perMillionTokens }] } };

    private static async Task ThrottleAsync(RolloutWorld world, Rollout rollout, params (string Limit, double? Value)[] changes) =>
        await world.Adjustments.ThrottleAsync(await world.FindAsync(rollout), new(changes.ToDictionary(c => c.Limit, c => c.Value, StringComparer.Ordinal)), "test", Cancellation);

    private static async Task<long> CopiedAsync(RolloutWorld world, Rollout rollout) => (await world.State.PartitionsAsync(rollout.Id, Cancellation)).Sum(p => p.Copied);

    private static async Task<long> TokensAsync(RolloutWorld world, Rollout rollout) => (await world.State.PartitionsAsync(rollout.Id, Cancellation)).Sum(p => p.Tokens);
}
