using DriftGuard.Core.Rates;
using Microsoft.Extensions.Time.Testing;

namespace DriftGuard.Core.Tests.Rates;

public sealed class TokenBucketTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task So_much_a_second_goes_through_evenly()
    {
        var bucket = new TokenBucket(2, _time);

        (await SecondsAsync(async () =>
        {
            for (var i = 0; i < 122; i++)
            {
                await bucket.WaitAsync(1, default);
            }
        })).ShouldBe(60, tolerance: .2, "two may go at once, then two a second");
    }

    [Fact]
    public async Task More_than_a_second_s_worth_goes_and_is_waited_for_by_the_next()
    {
        var bucket = new TokenBucket(1_000, _time);

        (await SecondsAsync(() => bucket.WaitAsync(90_000, default))).ShouldBe(0);
        (await SecondsAsync(() => bucket.WaitAsync(1, default))).ShouldBe(89, tolerance: .2);
    }

    [Fact]
    public async Task A_wait_that_is_cancelled_gives_back_what_it_had_taken()
    {
        var bucket = new TokenBucket(1, _time);
        await bucket.WaitAsync(1, default);
        using var cancellation = new CancellationTokenSource();
        var waiting = bucket.WaitAsync(30, cancellation.Token);

        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);

        (await SecondsAsync(() => bucket.WaitAsync(1, default))).ShouldBe(1, tolerance: .2);
    }

    [Fact]
    public async Task A_higher_rate_is_felt_by_those_who_wait_already()
    {
        var bucket = new TokenBucket(.01, _time);
        await bucket.WaitAsync(1, default);
        var waiting = Unheld(() => bucket.WaitAsync(1, default));
        _time.Advance(TimeSpan.FromSeconds(1));
        waiting.IsCompleted.ShouldBeFalse("a hundred seconds are to wait");

        bucket.PerSecond = 10;

        (await SecondsAsync(() => waiting)).ShouldBeLessThan(2);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1e9)]
    public async Task A_limit_that_is_lifted_holds_nobody(double? lifted)
    {
        var bucket = new TokenBucket(.01, _time);
        await bucket.WaitAsync(500, default);
        var waiting = Unheld(() => bucket.WaitAsync(1, default));

        bucket.PerSecond = lifted;

        (await SecondsAsync(() => waiting)).ShouldBeLessThan(2);
        (await SecondsAsync(() => bucket.WaitAsync(1_000, default))).ShouldBeLessThan(2);
    }

    [Fact]
    public async Task A_lower_rate_is_kept_from_then_on()
    {
        var bucket = new TokenBucket(null, _time);
        await bucket.WaitAsync(1_000_000, default);

        bucket.PerSecond = 1;

        (await SecondsAsync(async () =>
        {
            for (var i = 0; i < 31; i++)
            {
                await bucket.WaitAsync(1, default);
            }
        })).ShouldBe(30, tolerance: .3);
    }

    [Fact]
    public async Task What_was_taken_beside_it_is_waited_for()
    {
        var bucket = new TokenBucket(1, _time);

        bucket.Take(11);

        (await SecondsAsync(() => bucket.WaitAsync(1, default))).ShouldBe(11, tolerance: .3);
    }

    /// <summary>Begins without a context: what waits goes on within the call that moves the clock, and not some time after it.</summary>
    private static Task Unheld(Func<Task> work)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        return work();
    }

    /// <summary>How long some work takes on a clock that is moved on whenever it waits.</summary>
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
