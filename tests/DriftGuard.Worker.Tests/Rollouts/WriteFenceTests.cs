using System.Collections.Concurrent;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Rollouts;

/// <summary>Writers that never stop, around a cutover and the way back.</summary>
public sealed class WriteFenceTests
{
    private const string WriteAlias = "docs-write";

    [Theory]
    [InlineData(FenceMode.Auto)]
    [InlineData(FenceMode.StrictMode)]
    public async Task Writers_lose_nothing_at_a_cutover_nor_on_the_way_back(FenceMode mode)
    {
        await using var world = await WithCorpusAsync();
        await using var writers = Writers.Start(world, 2, through: WriteAlias);

        var rollout = await world.RunAsync(await world.StartAsync(Quick with { Fence = mode, Soak = TimeSpan.FromHours(1) }), d => d.Phase == RolloutPhase.Soaking && d.Action == RolloutAction.Wait);
        rollout.Serving.ShouldBe(Side.Green, rollout.Message);
        var there = rollout.Guarantee!;
        writers.SwitchTo(world.New);
        await Task.Delay(200, Cancellation);

        await world.AskAsync(rollout, RequestKind.Rollback);
        rollout = await world.RunAsync(rollout);
        await writers.DisposeAsync();

        rollout.Phase.ShouldBe(RolloutPhase.RolledBack, rollout.Message);
        there.Exact.ShouldBeTrue(there.Message);
        rollout.Guarantee!.Exact.ShouldBeTrue(rollout.Guarantee.Message);
        writers.Held.ShouldBeGreaterThan(0, "no write met the fence");
        await writers.ShouldHaveLostNothingAsync(rollout.Blue);
        (await world.AliasesAsync()).Count.ShouldBe(3, "no alias of a fence is left");
        (await world.AliasesAsync())[WriteAlias].ShouldBe(rollout.Blue);
    }

    [Fact]
    public async Task Writers_that_pass_by_the_fence_keep_the_rollout_from_switching_and_others_are_not_held_for_long()
    {
        await using var world = await WithCorpusAsync();
        var planned = await world.StartAsync(Quick with { FenceLimit = TimeSpan.FromSeconds(2) });
        await using var writers = Writers.Start(world, 2, through: planned.Blue);

        var rollout = await world.RunAsync(planned, d => d.Phase.IsEnd() || (d.Reason == RolloutReason.FenceTooLong && d.Action == RolloutAction.Wait));

        rollout.Serving.ShouldBe(Side.Blue);
        rollout.FencesLowered.ShouldBe(1);
        (await world.AliasesAsync())[WriteAlias].ShouldBe(rollout.Blue);
    }

    [Fact]
    public async Task Under_writers_that_never_stop_and_know_no_fence_the_report_says_best_effort()
    {
        await using var world = await WithCorpusAsync();
        await using var writers = Writers.Start(world, 2, through: IndexName);

        var rollout = await world.RunAsync(await world.StartAsync(Quick with { Fence = FenceMode.None }));

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        rollout.Guarantee!.Exact.ShouldBeFalse();
        rollout.Guarantee.Message.ShouldStartWith("best effort");
        (await world.AliasesAsync())[WriteAlias].ShouldBe(rollout.Green, "the write alias moves with the index");
    }

    [Fact]
    public async Task A_pause_under_the_fence_lets_writers_go_on()
    {
        await using var world = await WithCorpusAsync();
        var asked = false;
        var planned = await world.StartAsync();

        var rollout = await world.RunAsync(planned, d => d.Phase == RolloutPhase.Paused && d.Action == RolloutAction.Wait, decision =>
        {
            if (decision.Action == RolloutAction.RaiseFence && !asked)
            {
                asked = true;
                world.AskAsync(planned, RequestKind.Pause).GetAwaiter().GetResult();
            }
        });

        asked.ShouldBeTrue();
        rollout.Fence.ShouldBeNull();
        (await world.AliasesAsync())[WriteAlias].ShouldBe(rollout.Blue);
    }

    [Fact]
    public async Task A_fence_that_was_raised_by_a_late_call_is_lowered()
    {
        await using var world = await WithCorpusAsync();
        var rollout = await world.RunAsync(await world.StartAsync(Quick with { Soak = TimeSpan.FromHours(1) }), d => d.Phase == RolloutPhase.Soaking && d.Action == RolloutAction.Wait);
        await world.Qdrant.ChangeAliasesAsync([new AliasChange.Rename(WriteAlias, "docs.fence.late"), new AliasChange.Create("docs.sync", rollout.Blue)], Cancellation);

        rollout = await world.RunAsync(rollout, d => d.Action == RolloutAction.Wait);

        (await world.AliasesAsync()).ShouldSatisfyAllConditions(
            aliases => aliases[WriteAlias].ShouldBe(rollout.Green),
            aliases => aliases.Count.ShouldBe(3));
    }

    /// <summary>Applications that insert, edit and delete their own documents without pause, and try again what is refused.</summary>
    private sealed class Writers : IAsyncDisposable
    {
        private const int DocumentsEach = 40;
        private const int First = 100_000;

        private readonly RolloutWorld world;
        private readonly string through;
        private readonly CancellationTokenSource stop = new();
        private readonly ConcurrentDictionary<int, string?> acknowledged = new();
        private HashEmbedder model;
        private Task running = Task.CompletedTask;
        private int held;

        private Writers(RolloutWorld world, string through) => (this.world, this.through, model) = (world, through, world.Old);

        public int Held => held;

        public static Writers Start(RolloutWorld world, int count, string through)
        {
            var writers = new Writers(world, through);
            writers.running = Task.WhenAll(Enumerable.Range(0, count).Select(n => Task.Run(() => writers.WriteAsync(n))));
            return writers;
        }

        public void SwitchTo(HashEmbedder now) => model = now;

        public async Task ShouldHaveLostNothingAsync(string serving)
        {
            var there = await world.ReadAsync(serving);
            foreach (var (document, text) in acknowledged)
            {
                var found = there.TryGetValue(document.ToString(System.Globalization.CultureInfo.InvariantCulture), out var point) ? point.Payload : null;
                if (text is null)
                {
                    found.ShouldBeNull($"document {document} was deleted");
                }
                else
                {
                    found.ShouldNotBeNull($"document {document} was written").ShouldContain(text);
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await running;
        }

        private async Task WriteAsync(int writer)
        {
            var random = new Random(writer);
            for (var round = 0; !stop.IsCancellationRequested; round++)
            {
                var document = First + (writer * DocumentsEach) + random.Next(DocumentsEach);
                var text = random.Next(4) == 0 ? null : $"round {round} of document {document}";
                if (await TryAsync(document, text))
                {
                    acknowledged[document] = text;
                }
                else
                {
                    Interlocked.Increment(ref held);
                    await Task.Delay(5, CancellationToken.None);
                }
            }
        }

        /// <summary>Whether the write was acknowledged; while the two collections' vectors differ in size, the one of the other model is refused.</summary>
        private async Task<bool> TryAsync(int document, string? text)
        {
            foreach (var with in new[] { model, model == world.Old ? world.New : world.Old })
            {
                try
                {
                    await (text is null ? world.DeleteAsync(through, document) : world.UpsertAsync(through, document, text, with));
                    return true;
                }
                catch (QdrantException)
                {
                    // Held, or of another size: the other model's vector is tried.
                }
            }

            return false;
        }
    }
}
