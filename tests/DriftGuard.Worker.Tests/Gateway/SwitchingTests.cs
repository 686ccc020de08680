using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Tests.Rollouts;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Gateway;

/// <summary>Readers and writers go on at two gateways while the index is switched there and back.</summary>
public sealed class SwitchingTests
{
    private const int Documents = 200;
    private const int Rounds = 4;

    [Fact]
    public async Task No_request_fails_no_model_is_mixed_no_epoch_goes_back_and_no_write_is_lost()
    {
        await using var world = await WithCorpusAsync(Documents);
        await using var one = await GatewayHost.StartAsync(world);
        await using var other = await GatewayHost.StartAsync(world);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var written = new ConcurrentDictionary<int, string?>();
        Task[] clients =
        [
            .. Enumerable.Range(0, 3).Select(reader => Task.Run(() => ReadAsync(reader, [one, other], world, stop.Token))),
            .. Enumerable.Range(0, 2).Select(writer => Task.Run(() => WriteAsync(writer, [one, other], written, stop.Token))),
        ];

        var switches = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var serving = (await world.Qdrant.FindCollectionAsync(await world.ServedByAsync(), Cancellation))!;
            var to = serving.Vectors[""].Size == world.Old.Spec.Dimensions ? "new" : "old";
            var rollout = await world.RunAsync(await world.StartAsync(Quick, to));
            rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
            switches++;
            if (round % 2 == 0)
            {
                await world.AskAsync(rollout, RequestKind.Rollback);
                (await world.RunAsync(rollout, decision => decision.Phase == RolloutPhase.RolledBack)).Phase.ShouldBe(RolloutPhase.RolledBack);
                switches++;
            }
        }

        await stop.CancelAsync();
        await Task.WhenAll(clients); // each fails with the first answer that is not as it should be
        switches.ShouldBe(Rounds + (Rounds / 2));
        var there = await world.ReadAsync(await world.ServedByAsync());
        foreach (var (document, text) in written)
        {
            var found = there.TryGetValue(document.ToString(CultureInfo.InvariantCulture), out var point) ? point.Payload : null;
            if (text is null)
                found.ShouldBeNull($"document {document} was deleted");
            else
                found.ShouldNotBeNull($"document {document} was written").ShouldContain(text);
        }
    }

    private static async Task ReadAsync(int reader, GatewayHost[] gateways, RolloutWorld world, CancellationToken stop)
    {
        var (random, epoch, answers) = (new Random(reader), 0L, 0);
        while (!stop.IsCancellationRequested)
        {
            var document = random.Next(1, Documents + 1);
            var gateway = gateways[random.Next(gateways.Length)];
            if (random.Next(3) == 0)
            {
                var embedded = await gateway.DoAsync(HttpMethod.Post, "/v1/embeddings", $$"""{"model": "docs", "input": "{{TextOf(document)}}"}""");
                var model = embedded.GetProperty("fingerprint").GetString() == world.Old.Fingerprint.Id ? world.Old : world.New;
                embedded.GetProperty("data")[0].GetProperty("embedding").Deserialize<float[]>().ShouldBe(model.VectorOf(TextOf(document)));
                epoch = Later(embedded, epoch);
            }
            else
            {
                var found = await gateway.DoAsync(HttpMethod.Post, "/v1/indexes/docs/search", $$"""{"text": "{{TextOf(document)}}", "limit": 1}""");
                found.GetProperty("results")[0].GetProperty("id").GetInt64().ShouldBe(document);
                found.GetProperty("results")[0].GetProperty("score").GetDouble().ShouldBe(1, 1e-3);
                epoch = Later(found, epoch);
            }

            answers++;
        }

        answers.ShouldBeGreaterThan(0);
    }

    private static async Task WriteAsync(int writer, GatewayHost[] gateways, ConcurrentDictionary<int, string?> written, CancellationToken stop)
    {
        var random = new Random(writer);
        for (var round = 0; !stop.IsCancellationRequested; round++)
        {
            var document = 100_000 + (writer * 50) + random.Next(50);
            var gateway = gateways[random.Next(gateways.Length)];
            var text = random.Next(4) == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"round {round} of document {document}");
            await (text is null
                ? gateway.DoAsync(HttpMethod.Delete, "/v1/indexes/docs/points", $$"""{"ids": [{{document}}]}""")
                : gateway.DoAsync(HttpMethod.Put, "/v1/indexes/docs/points", $$"""{"points": [{"id": {{document}}, "text": "{{text}}"}]}"""));
            written[document] = text;
        }
    }

    private static long Later(JsonElement answer, long epoch)
    {
        var now = answer.GetProperty("epoch").GetInt64();
        now.ShouldBeGreaterThanOrEqualTo(epoch);
        return now;
    }
}
