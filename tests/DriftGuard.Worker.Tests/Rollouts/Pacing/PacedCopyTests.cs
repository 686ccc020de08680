using DriftGuard.Core.Embedding;
using DriftGuard.Core.Rollouts.Limits;
using DriftGuard.Worker.Rollouts.Copying.Pacing;
using Microsoft.Extensions.Time.Testing;

namespace DriftGuard.Worker.Tests.Rollouts.Pacing;

/// <summary>The pace of jobs, on a clock that is moved on whenever they wait.</summary>
public sealed class PacedCopyTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly HashEmbedder _model = new("new", 8);

    [Theory]
    [InlineData(1, 60)]
    [InlineData(3, 180)]
    public async Task A_rate_of_the_whole_rollout_is_divided_among_those_who_copy_it(int sharers, double seconds)
    {
        var pace = new CopyPace(_time);
        pace.Follow(new() { PointsPerSecond = 10 }, sharers, null);
        using var copy = new PacedCopy(pace, _time);

        var took = await SecondsAsync(async () =>
        {
            for (var i = 0; i < 61; i++)
            {
                await copy.ReadAsync(10, default);
            }
        });

        took.ShouldBe(seconds, tolerance: seconds / 20);
    }

    [Fact]
    public async Task Tokens_a_minute_are_those_that_the_model_counts_and_not_those_that_were_guessed()
    {
        var pace = new CopyPace(_time);
        pace.Follow(new() { TokensPerMinute = 6_000 }, 1, null);
        using var copy = new PacedCopy(pace, _time);
        var slow = copy.Slow(_model);

        // A hundred tokens each, since this model counts characters; guessed are 25.
        var texts = Enumerable.Repeat(new string('x', 100), 1).ToList();
        var took = await SecondsAsync(async () =>
        {
            for (var i = 0; i < 61; i++)
            {
                await slow.EmbedAsync(texts, InputKind.Document, default);
            }
        });

        took.ShouldBe(60, tolerance: 3);
    }

    [Fact]
    public async Task A_slow_provider_is_asked_less()
    {
        var pace = new CopyPace(_time);
        using var copy = new PacedCopy(pace, _time);
        var slow = copy.Slow(_model);
        var took = TimeSpan.FromSeconds(.5);
        _model.Before = cancellation => Task.Delay(took, _time, cancellation);
        await SecondsAsync(() => AskAsync(slow, 60));
        pace.Slowdown.Cause.ShouldBeNull();

        took = TimeSpan.FromSeconds(5);
        await SecondsAsync(() => AskAsync(slow, 20));

        pace.Slowdown.Text.ShouldStartWith("slowed to 3");
        pace.Slowdown.Cause!.ShouldStartWith("calls of the provider take 10x as long as in good times");
        (await SecondsAsync(() => AskAsync(slow, 10))).ShouldBeGreaterThan(2.5 * 10 * 5, "about a third of the time is work");
    }

    [Fact]
    public async Task Work_that_is_done_in_the_process_is_no_provider()
    {
        var pace = new CopyPace(_time);
        using var copy = new PacedCopy(pace, _time);
        var local = new HashEmbedder("local", 8, ModelSpec.OnnxProvider);
        var took = TimeSpan.FromSeconds(.5);
        local.Before = cancellation => Task.Delay(took, _time, cancellation);
        pace.Follow(new() { CallsPerMinute = .001 }, 1, null);
        await SecondsAsync(() => AskAsync(copy.Slow(local), 30));

        took = TimeSpan.FromSeconds(5);
        (await SecondsAsync(() => AskAsync(copy.Slow(local), 30))).ShouldBe(150, tolerance: 5, "a laptop that is busy is not slowed down further");
    }

    [Fact]
    public async Task What_is_spent_holds_calls_until_the_cap_is_raised()
    {
        var pace = new CopyPace(_time);
        using var copy = new PacedCopy(pace, _time);
        var slow = copy.Slow(_model);
        pace.Follow(new() { Money = 150 }, 1, Spent(0, cap: 150));
        await SecondsAsync(() => AskAsync(slow, 1));
        pace.IsSpent.ShouldBeFalse("a hundred of a hundred and fifty");
        await SecondsAsync(() => AskAsync(slow, 1));
        pace.IsSpent.ShouldBeTrue("two hundred are embedded, although none is on record");

        var waiting = Unheld(() => AskAsync(slow, 1));
        _time.Advance(TimeSpan.FromMinutes(5));
        waiting.IsCompleted.ShouldBeFalse();

        copy.Recorded(200);
        pace.IsSpent.ShouldBeTrue();
        pace.Follow(new() { Money = 500 }, 1, Spent(200, cap: 500));
        await SecondsAsync(() => waiting);
    }

    [Fact]
    public async Task What_was_embedded_and_never_came_on_record_is_not_counted_for_good()
    {
        var pace = new CopyPace(_time);
        pace.Follow(new() { Money = 150 }, 1, Spent(0, cap: 150));
        using (var copy = new PacedCopy(pace, _time))
        {
            await SecondsAsync(() => AskAsync(copy.Slow(_model), 2));
            pace.IsSpent.ShouldBeTrue();
        }

        pace.IsSpent.ShouldBeFalse();
    }

    [Fact]
    public async Task Of_jobs_that_have_begun_the_first_may_go_on_where_fewer_may()
    {
        var pace = new CopyPace(_time);
        var (first, second) = (new PacedCopy(pace, _time), new PacedCopy(pace, _time));
        pace.Follow(new() { ConcurrentPartitions = 1 }, 1, null);

        (await SecondsAsync(() => first.ReadAsync(1, default))).ShouldBe(0);
        var waiting = Unheld(() => second.ReadAsync(1, default));
        _time.Advance(TimeSpan.FromMinutes(1));
        waiting.IsCompleted.ShouldBeFalse();

        first.Dispose();
        (await SecondsAsync(() => waiting)).ShouldBeLessThan(2);
        second.Dispose();
    }

    private static async Task AskAsync(Worker.Models.ITextEmbedder model, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await model.EmbedAsync([new string('x', 100)], InputKind.Document, default);
        }
    }

    private static RolloutSpending Spent(long tokens, double cap) => new(tokens, PricePerMillionTokens: 1e6, "USD", cap);

    /// <summary>Begins without a context: what waits goes on within the call that moves the clock, and not some time after it.</summary>
    private static Task Unheld(Func<Task> work)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        return work();
    }

    private async Task<double> SecondsAsync(Func<Task> work)
    {
        var began = _time.GetUtcNow();
        var running = Unheld(work);
        while (!running.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        await running;
        return (_time.GetUtcNow() - began).TotalSeconds;
    }
}
