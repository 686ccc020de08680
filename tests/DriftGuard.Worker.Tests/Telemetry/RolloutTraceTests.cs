using System.Collections.Concurrent;
using System.Diagnostics;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Rollouts;
using DriftGuard.Worker.Telemetry;
using DriftGuard.Worker.Telemetry.Tracing;
using DriftGuard.Worker.Tests.Loops;
using Microsoft.Extensions.Logging;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Telemetry;

/// <summary>A rollout is one trace, whoever works on it and however often that was started anew.</summary>
public sealed class RolloutTraceTests
{
    [Fact]
    public void Ids_follow_from_the_name_of_the_new_collection_alone()
    {
        RolloutTrace.ContextOf("docs-1234").ShouldBe(RolloutTrace.ContextOf("docs-1234"));
        RolloutTrace.ContextOf("docs-1234").TraceId.ShouldNotBe(RolloutTrace.ContextOf("docs-1235").TraceId);

        // What is in tracing systems already is found again after an upgrade.
        RolloutTrace.ContextOf("docs-1234").TraceId.ToHexString().ShouldBe("d30611ae504bf8aaf32fc969959a22d5");
    }

    [Fact]
    public async Task A_rollout_is_one_trace_across_restarts()
    {
        await using var world = await WithCorpusAsync();
        using var spans = new RecordedSpans();
        var rollout = await world.StartAsync(Quick with { RequireApproval = true });
        await world.RunAsync(rollout, decision => decision.Phase == RolloutPhase.AwaitingApproval);
        await world.AskAsync(rollout, RequestKind.Approve);
        rollout = await world.RunAsync(rollout); // as the next process does: the runner keeps nothing

        var recorded = spans.Of(rollout);
        var context = RolloutTrace.ContextOf(rollout.Green);
        recorded.ShouldAllBe(span => span.TraceId == context.TraceId && span.Recorded);
        recorded.Count(span => span.DisplayName == "rollout partition").ShouldBe(4);
        recorded.Select(span => span.DisplayName).ShouldContain("rollout SwitchToGreen");
        recorded.Count(span => span.DisplayName == "rollout CopyPartitions").ShouldBe(1, "what is done again and again is one span");
        recorded.Where(span => span.DisplayName != RolloutTrace.Root).ShouldAllBe(span => span.ParentSpanId == context.SpanId);
        recorded.Where(span => span.DisplayName != RolloutTrace.Root).ShouldAllBe(span => (string?)span.GetTagItem(Spans.Outcome) == Spans.Ok);

        foreach (var span in recorded)
        {
            var declared = SpanCatalogue.All.Single(one => one.Name == (span.GetTagItem(RolloutActions.Action) is null ? span.DisplayName : "rollout {action}"));
            span.TagObjects.Select(tag => tag.Key).Except(declared.Attributes, StringComparer.Ordinal).ShouldBeEmpty(span.DisplayName);
        }

        var root = recorded.Where(span => span.DisplayName == RolloutTrace.Root).ShouldHaveSingleItem();
        root.SpanId.ShouldBe(context.SpanId);
        root.ParentSpanId.ShouldBe(default);
        root.StartTimeUtc.ShouldBe(rollout.CreatedAt.UtcDateTime);
        root.Duration.ShouldBe(rollout.EndedAt!.Value - rollout.CreatedAt);
        root.GetTagItem("driftguard.rollout.phase").ShouldBe("Completed");
    }

    [Fact]
    public async Task The_next_rollout_of_an_index_is_another_trace()
    {
        await using var world = await WithCorpusAsync(100);
        using var spans = new RecordedSpans();
        var first = await world.StartAsync();
        await world.AskAsync(first, RequestKind.Abort);
        first = await world.RunAsync(first);
        var second = await world.StartAsync();
        await world.AskAsync(second, RequestKind.Abort);
        await world.RunAsync(second);

        spans.Of(first)[0].TraceId.ShouldNotBe(spans.Of(second)[0].TraceId);
    }

    [Fact]
    public async Task A_step_that_fails_is_a_span_that_says_so()
    {
        await using var world = await WithCorpusAsync(100);
        using var spans = new RecordedSpans();
        world.New.Before = _ => throw new OperatorException(OperatorError.Invalid, "mend the model");
        var rollout = await world.StartAsync();
        await Should.ThrowAsync<OperatorException>(() => world.Runner.RunAsync(rollout.Id, new() { GiveUpAfter = 2 }, Cancellation));

        var failed = spans.Of(rollout).Where(span => span.Status == ActivityStatusCode.Error).ToList();
        failed.ShouldNotBeEmpty();
        failed.ShouldAllBe(span => (string?)span.GetTagItem(Spans.Outcome) == Spans.Failure && span.GetTagItem("error.type") != null);
    }

    [Fact]
    public async Task Calls_that_a_partition_makes_by_the_batch_are_not_recorded()
    {
        await using var world = await WithCorpusAsync();
        using var spans = new RecordedSpans();
        using var calls = new RecordedSpans("System.Net.Http", "Grpc.Net.Client");
        var rollout = await world.RunAsync(await world.StartAsync(), decision => decision.Phase == RolloutPhase.CatchingUp);

        spans.Of(rollout).ShouldNotBeEmpty();
        var bulk = spans.Of(rollout).Where(span => span.DisplayName is "rollout partition" or "rollout CopyPartitions").Select(span => span.SpanId).ToHashSet();
        calls.All.Where(call => call.Recorded && bulk.Contains(call.ParentSpanId)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Log_lines_of_a_rollout_carry_its_trace_id()
    {
        await using var world = await WithCorpusAsync();
        var rollout = await world.StartAsync();
        var lines = new TracedLines();
        using (var supervisor = new RunningLoop(new RolloutSupervisor(world.State, world.Runner, world.Time, lines)))
        {
            await lines.Completed.WaitAsync(Cancellation);
            await supervisor.StopAsync(Cancellation);
        }

        lines.TraceIds.ShouldNotBeEmpty();
        lines.TraceIds.ShouldAllBe(id => id == RolloutTrace.ContextOf(rollout.Green).TraceId);
    }

    [Fact]
    public async Task A_request_about_a_rollout_is_linked_to_its_trace()
    {
        await using var world = await WithCorpusAsync(100);
        var rollout = await world.StartAsync();
        using var request = new Activity("request").Start();

        await world.AskAsync(rollout, RequestKind.Pause);

        request.Links.ShouldHaveSingleItem().Context.TraceId.ShouldBe(RolloutTrace.ContextOf(rollout.Green).TraceId);
    }

    /// <summary>Spans of some sources, as OpenTelemetry records them: with a parent that is not recorded none is.</summary>
    private sealed class RecordedSpans : IDisposable
    {
        private readonly ConcurrentQueue<Activity> _ended = new();
        private readonly ActivityListener _listener;

        public RecordedSpans(params string[] sources)
        {
            sources = sources.Length == 0 ? [DriftGuardTelemetry.Name] : sources;
            _listener = new()
            {
                ShouldListenTo = source => sources.Contains(source.Name, StringComparer.Ordinal),
                Sample = (ref options) => options.Parent != default && !options.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
                    ? ActivitySamplingResult.PropagationData
                    : ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = _ended.Enqueue,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public IReadOnlyList<Activity> All => [.. _ended];

        // Other rollouts run in the process at the same time.
        public IReadOnlyList<Activity> Of(Rollout rollout) =>
            [.. _ended.Where(span => span.TraceId == RolloutTrace.ContextOf(rollout.Green).TraceId && span.GetTagItem(Spans.Rollout) is not null)];

        public void Dispose() => _listener.Dispose();
    }

    private sealed class TracedLines : ILogger<RolloutSupervisor>
    {
        private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<ActivityTraceId?> TraceIds { get; } = new();

        public Task Completed => _completed.Task;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            TraceIds.Enqueue(Activity.Current?.TraceId);
            if (formatter(state, exception).Contains(nameof(RolloutPhase.Completed), StringComparison.Ordinal))
            {
                _completed.TrySetResult();
            }
        }
    }
}
