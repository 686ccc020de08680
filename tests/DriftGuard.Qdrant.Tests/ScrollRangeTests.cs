using DriftGuard.Qdrant.Tests.Server;
using Qdrant.Client.Grpc;
using static DriftGuard.Qdrant.WireForms;

namespace DriftGuard.Qdrant.Tests;

/// <summary>Scrolling a range, against a server that holds the points 0, 10, 20, ... 90.</summary>
public class ScrollRangeTests
{
    [Theory]
    [InlineData(0, null, 3, 10)]
    [InlineData(0, null, 5, 10)]
    [InlineData(0, null, 100, 10)]
    [InlineData(5, 60, 2, 5)]
    [InlineData(10, 60, 2, 5)]
    [InlineData(10, 61, 2, 6)]
    [InlineData(30, 40, 100, 1)]
    [InlineData(31, 40, 100, 0)]
    [InlineData(95, null, 4, 0)]
    public async Task The_start_is_in_the_range_and_the_end_is_not_whatever_the_page_size(int start, int? end, int pageSize, int expected)
    {
        await using var server = await ScriptedServer.StartAsync(Scroll);
        using var store = server.Connect();
        List<ulong> ids = [];
        await foreach (var page in store.ScrollRangeAsync("docs", Number(start), end is { } e ? Number(e) : null, pageSize, ReadShape.Ids))
        {
            page.Points.ShouldNotBeEmpty();
            ids.AddRange(page.Points.Select(point => IdOf(point).Number));
        }
        ids.ShouldBe(Enumerable.Range(0, 10).Select(i => (ulong)i * 10).Where(id => id >= (ulong)start && (end is null || id < (ulong)end)));
        ids.Count.ShouldBe(expected);
    }

    [Fact]
    public async Task Nothing_is_asked_for_an_empty_range()
    {
        await using var server = await ScriptedServer.StartAsync(Scroll);
        using var store = server.Connect();
        await foreach (var _ in store.ScrollRangeAsync("docs", Number(50), Number(50), 10, ReadShape.Ids))
            Assert.Fail("an empty range has no page");
        server.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_next_page_is_on_its_way_while_one_is_worked_on()
    {
        var second = new TaskCompletionSource();
        await using var server = await ScriptedServer.StartAsync(call =>
        {
            if (ScrollPoints.Parser.ParseFrom(call.Request).Offset.Num == 30)
                second.SetResult();
            return Scroll(call);
        });
        using var store = server.Connect();
        await using var pages = store.ScrollRangeAsync("docs", PointId.First, null, 3, ReadShape.Ids).GetAsyncEnumerator();
        (await pages.MoveNextAsync()).ShouldBeTrue();
        // Nobody has asked for the second page yet, and still the server sees it.
        await second.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_page_beyond_the_end_is_not_asked_for()
    {
        await using var server = await ScriptedServer.StartAsync(Scroll);
        using var store = server.Connect();
        await foreach (var _ in store.ScrollRangeAsync("docs", PointId.First, Number(30), 3, ReadShape.Ids))
        {
        }
        server.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Leaving_early_gives_up_the_page_on_its_way()
    {
        await using var server = await ScriptedServer.StartAsync(call =>
            ScrollPoints.Parser.ParseFrom(call.Request).Offset.Num == 0 ? Scroll(call) : Answer.Silence);
        using var store = server.Connect();
        await foreach (var _ in store.ScrollRangeAsync("docs", PointId.First, null, 3, ReadShape.Ids))
            break;
    }

    [Fact]
    public async Task A_failure_in_the_middle_reaches_the_reader_after_the_page_before_it()
    {
        await using var server = await ScriptedServer.StartAsync(call =>
            ScrollPoints.Parser.ParseFrom(call.Request).Offset.Num == 0 ? Scroll(call) : Answer.Fail(Grpc.Core.StatusCode.NotFound));
        using var store = server.Connect();
        await using var pages = store.ScrollRangeAsync("docs", PointId.First, null, 3, ReadShape.Ids).GetAsyncEnumerator();
        (await pages.MoveNextAsync()).ShouldBeTrue();
        await Should.ThrowAsync<QdrantException>(async () => await pages.MoveNextAsync());
    }

    private static PointId Number(int number) => PointId.FromNumber((ulong)number);

    private static Answer Scroll(ArrivedCall call)
    {
        var request = ScrollPoints.Parser.ParseFrom(call.Request);
        var ids = Enumerable.Range(0, 10).Select(i => (ulong)i * 10).Where(id => id >= request.Offset.Num).ToList();
        var reply = new ScrollResponse();
        foreach (var id in ids.Take((int)request.Limit))
            reply.Result.Add(new RetrievedPoint { Id = new WirePointId { Num = id } });
        if (ids.Count > request.Limit)
            reply.NextPageOffset = new WirePointId { Num = ids[(int)request.Limit] };
        return Answer.Ok(reply);
    }
}
