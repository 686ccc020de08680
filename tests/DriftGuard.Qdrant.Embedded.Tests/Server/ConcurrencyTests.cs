using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Tests.Server;

public sealed class ConcurrencyTests
{
    [Fact]
    public async Task A_reader_sees_all_of_a_batch_or_none_of_it()
    {
        const int points = 60;
        await using var server = await TestServer.StartAsync();
        await server.Client.CreateAsync("docs", 4);
        await server.Client.UpsertAsync("docs", Batch(0));
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var reads = 0;
            while (!done.IsCancellationRequested || reads == 0)
            {
                var seen = (await server.Client.ScrollAsync("docs")).Result;
                seen.Count.ShouldBe(points);
                seen.Select(point => (point.Payload["n"].IntegerValue, point.Vectors.Vector.Dense.Data[0])).Distinct().Count().ShouldBe(1);
                reads++;
            }

            return reads;
        })).ToArray();

        for (var round = 1; round <= 150; round++) await server.Client.UpsertAsync("docs", Batch(round));

        await done.CancelAsync();
        (await Task.WhenAll(readers)).ShouldAllBe(reads => reads > 0);

        static IEnumerable<PointStruct> Batch(int round) =>
            Enumerable.Range(0, points).Select(id => Api.Point((ulong)id, [round, 0, 0, 0], ("n", round)));
    }

    [Fact]
    public async Task Writers_of_one_collection_take_turns_and_lose_nothing()
    {
        await using var server = await TestServer.StartAsync();
        await server.Client.CreateAsync("docs", 4);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++) await server.Client.UpsertAsync("docs", Api.Point((ulong)((writer * 1_000) + i), [writer, i, 0, 0], ("writer", writer)));
        })));

        var stored = (await server.Client.ScrollAsync("docs")).Result;
        stored.Count.ShouldBe(320);
        stored.ShouldAllBe(point => point.Payload["writer"].IntegerValue == (long)point.Vectors.Vector.Dense.Data[0]);
    }

    [Fact]
    public async Task A_reader_through_an_alias_never_fails_while_it_is_switched()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var (name, mark) in new[] { ("blue", 1L), ("green", 2L) })
        {
            await server.Client.CreateAsync(name, 2);
            await server.Client.UpsertAsync(name, Api.Point(1, [1, 1], ("mark", mark)));
        }

        await server.Client.AliasesAsync(Api.Alias("live", "blue"));
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var seen = new HashSet<long>();
            while (!done.IsCancellationRequested)
                seen.Add((await server.Client.ScrollAsync("live")).Result.ShouldHaveSingleItem().Payload["mark"].IntegerValue);
            return seen;
        })).ToArray();

        for (var round = 0; round < 300; round++)
        {
            var target = round % 2 == 0 ? "green" : "blue";
            var create = Api.Alias("live", target);
            if (round % 3 == 0) await server.Client.AliasesAsync(new AliasOperations { DeleteAlias = new DeleteAlias { AliasName = "live" } }, create);
            else await server.Client.AliasesAsync(create);
        }

        await done.CancelAsync();
        (await Task.WhenAll(readers)).SelectMany(seen => seen).Distinct().Count().ShouldBe(2);
    }
}
