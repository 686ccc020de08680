using DriftGuard.Embedding.Http;
using Microsoft.Extensions.Time.Testing;

namespace DriftGuard.Embedding.Tests.Http;

public sealed class TokenBucketTests
{
    [Fact]
    public async Task So_much_a_minute_goes_through_evenly()
    {
        var time = new ImpatientTime();
        var bucket = new TokenBucket(120, time);
        var began = time.GetUtcNow();

        for (var i = 0; i < 122; i++)
            await bucket.WaitAsync(1, default);

        (time.GetUtcNow() - began).ShouldBe(TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(20), "two may go at once, then two a second");
    }

    [Fact]
    public async Task More_than_a_second_s_worth_goes_and_is_waited_for_by_the_next()
    {
        var time = new ImpatientTime();
        var bucket = new TokenBucket(60_000, time);

        await bucket.WaitAsync(90_000, default);
        time.Waits.ShouldBeEmpty();
        await bucket.WaitAsync(1, default);

        time.Waits.Aggregate(TimeSpan.Zero, (a, b) => a + b).ShouldBe(TimeSpan.FromSeconds(89), TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public async Task A_wait_that_is_cancelled_gives_back_what_it_had_taken()
    {
        var time = new FakeTimeProvider();
        var bucket = new TokenBucket(60, time);
        await bucket.WaitAsync(1, default);
        using var cancellation = new CancellationTokenSource();
        var waiting = bucket.WaitAsync(30, cancellation.Token);

        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        var next = bucket.WaitAsync(1, default);
        time.Advance(TimeSpan.FromSeconds(1));

        await next;
    }

    [Theory]
    [InlineData("requests_per_minute: 60", 20, 19)]
    [InlineData("tokens_per_minute: 60", 20, 38)]
    [InlineData("requests_per_minute: 60", 19, 19)]
    public async Task A_model_keeps_to_its_rates_and_failed_requests_count(string endpoint, int requests, int seconds)
    {
        await using var server = await MisbehavingServer.StartAsync();
        if (requests == 19)
            server.Then(Faults.Status(429, retryAfter: "1"));
        using var folder = new HttpModelFolder().Write(server.Url, endpoint: $"{endpoint}\nmax_texts_per_request: 1\nconcurrency: 1");
        using var model = folder.Open();
        var began = folder.Time.GetUtcNow();

        await model.EmbedAsync(Enumerable.Repeat("6bytes", requests).ToArray(), Core.Embedding.InputKind.Document);

        server.AskedForVectors.Count.ShouldBe(20);
        (folder.Time.GetUtcNow() - began).TotalSeconds.ShouldBe(seconds, tolerance: .1);
    }
}
