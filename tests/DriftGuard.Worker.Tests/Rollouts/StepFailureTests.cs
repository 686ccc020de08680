using DriftGuard.Core.Rollouts;
using DriftGuard.Embedding;
using DriftGuard.Worker.Rollouts;
using DriftGuard.Worker.Tests.Loops;
using Microsoft.Extensions.Logging;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Rollouts;

/// <summary>What becomes of a step that fails, against a real server and real state.</summary>
public sealed class StepFailureTests
{
    // Partitions that fail side by side would be counted as they happen to fall together.
    private static RolloutSettings OneAtATime => Quick with { ConcurrentPartitions = 1 };

    [Fact]
    public async Task Any_failure_is_tried_again_later_and_later_and_is_shown_until_it_is_over()
    {
        await using var world = await WithCorpusAsync();
        var rollout = await world.StartAsync(OneAtATime);
        world.New.Before = _ => throw new InvalidOperationException("the model is broken");
        var (waits, recovered, shown) = (new List<TimeSpan>(), 0, (StepFailure?)null);

        await world.Runner.RunAsync(rollout.Id, new()
        {
            Until = decision => decision.Phase.IsEnd(),
            OnFailure = (_, again) =>
            {
                waits.Add(again);
                if (waits.Count == 3)
                {
                    shown = world.FindAsync(rollout).GetAwaiter().GetResult().LastFailure;
                    world.New.Before = null;
                }
            },
            OnRecovery = () => recovered++,
        }, Cancellation);

        waits.ShouldBe([TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)]);
        shown.ShouldNotBeNull();
        (shown.Message, shown.InARow, shown.AgainAt - shown.At).ShouldBe(("unexpected error (InvalidOperationException): the model is broken", 3, TimeSpan.FromSeconds(2)));
        recovered.ShouldBe(1);
        rollout = await world.FindAsync(rollout);
        (rollout.Phase, rollout.LastFailure).ShouldBe((RolloutPhase.Completed, null));
    }

    [Fact]
    public async Task A_provider_that_is_down_ends_the_step_and_parks_no_text()
    {
        await using var world = await WithCorpusAsync();
        var rollout = await world.StartAsync(OneAtATime);
        world.New.Before = _ => throw new EmbeddingProviderException("http://provider/embeddings", "nobody answers.") { IsTransient = true };
        var (failures, parked, shown) = (0, -1, "");

        await world.Runner.RunAsync(rollout.Id, new()
        {
            Until = decision => decision.Phase.IsEnd(),
            OnFailure = (_, _) =>
            {
                if (++failures == 3)
                {
                    parked = world.State.ParkedAsync(rollout.Id, Cancellation).GetAwaiter().GetResult().Count;
                    shown = world.FindAsync(rollout).GetAwaiter().GetResult().LastFailure!.Message;
                    world.New.Before = null;
                }
            },
        }, Cancellation);

        (failures, parked, shown).ShouldBe((3, 0, "http://provider/embeddings: nobody answers."));
        rollout = await world.FindAsync(rollout);
        rollout.Phase.ShouldBe(RolloutPhase.Completed);
        await world.ShouldMirrorAsync(rollout.Green, rollout.Blue, world.New);
    }

    [Fact]
    public async Task A_run_that_gives_up_says_so_in_what_it_leaves()
    {
        await using var world = await WithCorpusAsync();
        var rollout = await world.StartAsync();
        world.New.Before = _ => throw new OperatorException(OperatorError.Invalid, "mend the model");

        (await Should.ThrowAsync<OperatorException>(() => world.Runner.RunAsync(rollout.Id, new() { GiveUpAfter = 2 }, Cancellation))).Message.ShouldBe("mend the model");

        var failure = (await world.FindAsync(rollout)).LastFailure.ShouldNotBeNull();
        (failure.Message, failure.InARow, failure.AgainAt).ShouldBe(("mend the model", 2, null));
    }

    [Fact]
    public async Task A_failure_that_goes_on_is_logged_once_and_without_a_stack_trace_where_its_message_is_for_people()
    {
        await using var world = await WithCorpusAsync();
        await world.StartAsync(OneAtATime);
        var log = new RecordingLog();
        var (calls, tried) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        world.New.Before = _ =>
        {
            if (Interlocked.Increment(ref calls) == 4)
            {
                tried.TrySetResult();
            }

            throw new OperatorException(OperatorError.Invalid, "mend the model");
        };

        using var supervisor = new RunningLoop(new RolloutSupervisor(world.State, world.Runner, world.Time, log));
        await tried.Task.WaitAsync(Cancellation);
        await supervisor.StopAsync(Cancellation);

        var entry = log.Entries.Where(e => e.Level >= LogLevel.Warning).ShouldHaveSingleItem();
        (entry.Level, entry.Exception).ShouldBe((LogLevel.Warning, null));
        entry.Message.ShouldContain("mend the model");
    }

    private sealed class RecordingLog : ILogger<RolloutSupervisor>
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<(LogLevel Level, string Message, Exception? Exception)> entries = [];

        public IReadOnlyCollection<(LogLevel Level, string Message, Exception? Exception)> Entries => entries;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.Enqueue((logLevel, formatter(state, exception), exception));
    }
}
