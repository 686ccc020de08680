using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using DriftGuard.Worker.Tests.Rollouts;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Gateway;

/// <summary>Readers and writers at two gateways, who pause for a moment at most. Each stops at the first answer that is not as it should be.</summary>
internal sealed class Clients : IAsyncDisposable
{
    private const int Readers = 3;
    private const int Writers = 2;
    private const int DocumentsOfAWriter = 50;

    // So that what they are served by has its share of a small machine.
    private const int LongestPause = 6;

    private readonly RolloutWorld _world;
    private readonly GatewayHost[] _gateways;
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
    private readonly ConcurrentDictionary<int, string?> _written = new();
    private readonly Task _running;
    private int _answers;

    private Clients(RolloutWorld world, GatewayHost[] gateways)
    {
        (_world, _gateways) = (world, gateways);
        _running = Task.WhenAll(
            [.. Enumerable.Range(0, Readers).Select(reader => Task.Run(() => ReadAsync(reader))), .. Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(writer)))]);
    }

    public static async Task<Clients> BeginAsync(RolloutWorld world) => new(world, [await GatewayHost.StartAsync(world), await GatewayHost.StartAsync(world)]);

    /// <summary>Stops them and looks for what they wrote.</summary>
    public async Task ShouldHaveLostNothingAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _answers.ShouldBeGreaterThan(0);
        _written.ShouldNotBeEmpty();
        var there = await _world.ReadAsync(await _world.ServedByAsync());
        foreach (var (document, text) in _written)
        {
            var found = there.TryGetValue(document.ToString(CultureInfo.InvariantCulture), out var point) ? point.Payload : null;
            if (text is null)
                found.ShouldBeNull($"document {document} was deleted");
            else
                found.ShouldNotBeNull($"document {document} was written").ShouldContain(text);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var gateway in _gateways)
            await gateway.DisposeAsync();
        _stop.Dispose();
    }

    private async Task ReadAsync(int reader)
    {
        var (random, epoch) = (new Random(reader), 0L);
        while (!_stop.IsCancellationRequested)
        {
            var document = random.Next(1, SwitchingTests.Documents + 1);
            var gateway = _gateways[random.Next(_gateways.Length)];
            if (random.Next(3) == 0)
            {
                var embedded = await gateway.DoAsync(HttpMethod.Post, "/v1/embeddings", $$"""{"model": "docs", "input": "{{TextOf(document)}}"}""");
                var model = embedded.GetProperty("fingerprint").GetString() == _world.Old.Fingerprint.Id ? _world.Old : _world.New;
                embedded.GetProperty("data")[0].GetProperty("embedding").Deserialize<float[]>().ShouldBe(model.VectorOf(TextOf(document)));
                epoch = Later(embedded, epoch);
            }
            else
            {
                // A vector of the other model would be of another size, or find another document.
                var found = await gateway.DoAsync(HttpMethod.Post, "/v1/indexes/docs/search", $$"""{"text": "{{TextOf(document)}}", "limit": 1}""");
                found.GetProperty("results")[0].GetProperty("id").GetInt64().ShouldBe(document);
                found.GetProperty("results")[0].GetProperty("score").GetDouble().ShouldBe(1, 1e-3);
                epoch = Later(found, epoch);
            }

            Interlocked.Increment(ref _answers);
            await Task.Delay(random.Next(LongestPause), CancellationToken.None);
        }
    }

    private async Task WriteAsync(int writer)
    {
        var random = new Random(writer);
        for (var round = 0; !_stop.IsCancellationRequested; round++)
        {
            var document = 100_000 + (writer * DocumentsOfAWriter) + random.Next(DocumentsOfAWriter);
            var gateway = _gateways[random.Next(_gateways.Length)];
            var text = random.Next(4) == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"round {round} of document {document}");
            await (text is null
                ? gateway.DoAsync(HttpMethod.Delete, "/v1/indexes/docs/points", $$"""{"ids": [{{document}}]}""")
                : gateway.DoAsync(HttpMethod.Put, "/v1/indexes/docs/points", $$"""{"points": [{"id": {{document}}, "text": "{{text}}"}]}"""));
            _written[document] = text;
            await Task.Delay(random.Next(LongestPause), CancellationToken.None);
        }
    }

    private static long Later(JsonElement answer, long epoch)
    {
        var now = answer.GetProperty("epoch").GetInt64();
        now.ShouldBeGreaterThanOrEqualTo(epoch);
        return now;
    }
}
