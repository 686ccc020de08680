namespace DriftGuard.Embedding.Tests.Http;

public sealed class EndpointRateTests
{
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
        model.Statistics.Requests.ShouldBe(20, "repeats included");
        model.Statistics.RequestTime.ShouldBe(TimeSpan.Zero, "the server takes no time on this clock, and waits are not its");
    }
}
