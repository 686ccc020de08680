using System.Collections.Concurrent;
using System.Net.Http.Json;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.Testing.Network;
using DriftGuard.Testing.Postgres;
using PointId = DriftGuard.Core.Points.PointId;

namespace DriftGuard.Cli.Tests.Cluster;

/// <summary>
/// Two gateways, each a process of its own, behind a load balancer that sends to who is ready; readers and writers without pause; each gateway is stopped as
/// Kubernetes does and started again, in turn.
/// </summary>
public sealed class RollingRestartTests : IAsyncLifetime
{
    private const int Readers = 2;
    private const int Writers = 2;
    private const int DocumentsEach = 20;

    private readonly Uri[] addresses = [new($"http://127.0.0.1:{FreePort.Next()}"), new($"http://127.0.0.1:{FreePort.Next()}")];
    private readonly ServeProcess[] gateways = new ServeProcess[2];
    private readonly ConcurrentQueue<string> failures = new();
    private readonly ConcurrentDictionary<int, string> acknowledged = new();
    private SharedInstallation shared = null!;
    private ReadyBalancer balancer = null!;
    private int answered;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        shared = await SharedInstallation.StartAsync("http: { drain: 2s }");
        for (var i = 0; i < gateways.Length; i++)
        {
            Start(i);
        }

        balancer = new(addresses);
        await AllReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        balancer?.Dispose();
        if (shared is not null)
        {
            await shared.DisposeAsync();
        }
    }

    [Fact]
    public async Task No_request_fails_and_no_write_is_lost_while_each_gateway_is_restarted_several_times()
    {
        await UnderLoadAsync(async () =>
        {
            for (var round = 0; round < 3; round++)
            {
                for (var i = 0; i < gateways.Length; i++)
                {
                    (await gateways[i].StopAsync(Cancellation)).ShouldBe(0, gateways[i].Said);
                    gateways[i].Said.ShouldContain("Stopped");
                    Start(i);
                    await AllReadyAsync();
                }
            }
        });
    }

    [Fact]
    public async Task A_later_version_may_extend_the_schema_while_this_one_serves_and_only_starts_no_more()
    {
        await UnderLoadAsync(async () =>
        {
            // What migrations do: nothing that is there is taken away or asked of who writes.
            await PostgresServer.ExecuteAsync(shared.Connection, """
                ALTER TABLE "Audit" ADD COLUMN "Later" text NULL;
                ALTER TABLE "DirtyIds" ADD COLUMN "Later" bigint NOT NULL DEFAULT 7;
                CREATE TABLE "LaterTable" ("Id" text PRIMARY KEY);
                INSERT INTO "__EFMigrationsHistory" VALUES ('99990101000000_Later', '99.0.0');
                """);
            await WhileAnsweredAsync(200);
            addresses.ShouldAllBe(address => balancer.IsReady(address));

            (await gateways[0].StopAsync(Cancellation)).ShouldBe(0, gateways[0].Said);
            Start(0);
            await shared.UntilAsync(() => Task.FromResult(gateways[0].HasEnded));
            gateways[0].Said.ShouldContain("a later version of DriftGuard has written it");
            await WhileAnsweredAsync(100);
        });
    }

    /// <summary>Does something while requests are sent without pause, and holds against each other what was acknowledged and what is there.</summary>
    private async Task UnderLoadAsync(Func<Task> work)
    {
        using var client = new HttpClient(balancer, disposeHandler: false) { BaseAddress = new("http://balancer") };
        using var stop = new CancellationTokenSource();
        var load = Task.WhenAll([
            .. Enumerable.Range(0, Readers).Select(reader => Task.Run(() => ReadAsync(client, stop.Token))),
            .. Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(client, writer, stop.Token))),
        ]);
        try
        {
            await WhileAnsweredAsync(50);
            await work();
            await WhileAnsweredAsync(50);
        }
        finally
        {
            await stop.CancelAsync();
            await load;
        }

        failures.ShouldBeEmpty($"{answered} were answered\n{shared.Said}");
        acknowledged.Count.ShouldBeGreaterThan(DocumentsEach);
        await ShouldBeThereAsync();
    }

    private async Task WhileAnsweredAsync(int more)
    {
        var until = Volatile.Read(ref answered) + more;
        await shared.UntilAsync(() => Task.FromResult(Volatile.Read(ref answered) >= until || !failures.IsEmpty));
    }

    private async Task ReadAsync(HttpClient client, CancellationToken stop)
    {
        for (var round = 0; !stop.IsCancellationRequested; round++)
        {
            await SendAsync(() => client.PostAsJsonAsync("/v1/indexes/docs/search", new { text = $"who won the game number {round}", limit = 3 }, CancellationToken.None));
        }
    }

    private async Task WriteAsync(HttpClient client, int writer, CancellationToken stop)
    {
        for (var round = 0; !stop.IsCancellationRequested; round++)
        {
            var (id, text) = (1_000_000 + (writer * DocumentsEach) + (round % DocumentsEach), $"what writer {writer} wrote in round {round}");
            if (await SendAsync(() => client.PutAsJsonAsync("/v1/indexes/docs/points", new { points = new[] { new { id, text } } }, CancellationToken.None)))
            {
                acknowledged[id] = text;
            }
        }
    }

    private async Task<bool> SendAsync(Func<Task<HttpResponseMessage>> send)
    {
        try
        {
            using var answer = await send();
            if (answer.IsSuccessStatusCode)
            {
                Interlocked.Increment(ref answered);
                return true;
            }

            failures.Enqueue($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            failures.Enqueue(failure.ToString());
        }

        return false;
    }

    private async Task ShouldBeThereAsync()
    {
        using var qdrant = new QdrantStore(new() { Address = shared.Qdrant });
        var there = await qdrant.RetrieveAsync("docs", [.. acknowledged.Keys.Select(id => PointId.FromNumber((ulong)id))], ReadShape.WholePayload, Cancellation);
        var texts = there.ToDictionary(point => (int)point.Id.Num, point => point.Payload["text"].StringValue);
        texts.OrderBy(text => text.Key).ShouldBe(acknowledged.OrderBy(text => text.Key));
        there.ShouldAllBe(point => StampPayload.Read(point.Payload) != null);
    }

    private async Task AllReadyAsync() => await shared.UntilAsync(() => Task.FromResult(addresses.All(balancer.IsReady)));

    private void Start(int i) => gateways[i] = shared.Start(
        new Dictionary<string, string>(StringComparer.Ordinal) { ["DRIFTGUARD__HTTP__ADDRESS"] = addresses[i].OriginalString },
        "serve", "--role", "gateway", "--data", Path.Join(shared.Folder, $"gateway-{i}"));
}
