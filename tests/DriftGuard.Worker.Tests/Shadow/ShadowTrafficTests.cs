using System.Text;
using System.Text.Json;
using DriftGuard.Core.Retrieval;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Shadow;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Calibration.Building;
using DriftGuard.Worker.Calibration.Editing;
using DriftGuard.Worker.Gateway.Routing;
using DriftGuard.Worker.Shadow;
using DriftGuard.Worker.Tests.Gateway;
using DriftGuard.Worker.Tests.Rollouts;
using Microsoft.Extensions.DependencyInjection;
using Qdrant.Client.Grpc;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;
using static DriftGuard.Worker.Tests.Shadow.ShadowedGateway;

namespace DriftGuard.Worker.Tests.Shadow;

/// <summary>Queries over HTTP while a rollout waits for an approval: what green answers, and what that costs nobody.</summary>
public sealed class ShadowTrafficTests
{
    private const int Documents = 200;
    private const int Queries = 25;
    private const string Filter = """{"must_not": [{"has_id": [5, 6, 7, 8, 9]}]}""";

    [Fact]
    public async Task Figures_are_those_of_both_answers_and_the_caller_gets_what_it_always_gets()
    {
        await using var world = await WithCorpusAsync(Documents);
        var rollout = await WaitingAsync(world);
        await using var plain = await GatewayHost.StartAsync(world);
        await using var gateway = await StartAsync(world, new() { Share = 1, KeepText = true });
        var expected = new ShadowFigures();
        for (var i = 0; i < Queries; i++)
        {
            var body = Body(TextAt(i), limit: 3 + (i % 12));
            var answer = await gateway.DoAsync(HttpMethod.Post, Search, body);
            JsonElement.DeepEquals(answer, await plain.DoAsync(HttpMethod.Post, Search, body)).ShouldBeTrue(answer.ToString());
            expected.Add(AnswerDifference.Of(
                await DirectAsync(world, rollout.Blue, world.Old, TextAt(i), 3 + (i % 12)), await DirectAsync(world, rollout.Green, world.New, TextAt(i), 3 + (i % 12)), ShadowFigures.Depth));
        }

        var counted = await CountedAsync(world, rollout, figures => figures.Compared == Queries, gateway);

        (counted.Texts, counted.Failed, counted.Dropped, counted.NotComparable).ShouldBe((Queries, 0, 0, 0));
        counted.OverlapSum.ShouldBe(expected.OverlapSum, 1e-9);
        counted.OverlapSquares.ShouldBe(expected.OverlapSquares, 1e-9);
        counted.OverlapSum.ShouldBeInRange(.5, Queries - .5, "two models that agree in all or in nothing would show little");
        counted.Disjoint.ShouldBe(expected.Disjoint);
        (counted.TopShiftSum, counted.MeanShiftSum).ShouldSatisfyAllConditions(
            shifts => shifts.TopShiftSum.ShouldBe(expected.TopShiftSum, 1e-4), shifts => shifts.MeanShiftSum.ShouldBe(expected.MeanShiftSum, 1e-4));
        (counted.Blue.Count, counted.Green.Count).ShouldBe((Queries, Queries));
        var kept = (await world.State.ShadowQueriesAsync(rollout.Id, Cancellation)).Single(query => query.Text == TextAt(4));
        kept.Green.Select(point => point.Id).ShouldBe((await DirectAsync(world, rollout.Green, world.New, TextAt(4), 7)).Select(point => point.Id));
        kept.Blue.Select(point => point.Id).ShouldBe((await DirectAsync(world, rollout.Blue, world.Old, TextAt(4), 7)).Select(point => point.Id));
    }

    [Fact]
    public async Task A_green_that_hangs_and_then_fails_holds_up_nobody_and_is_counted()
    {
        await using var world = await WithCorpusAsync(Documents);
        var rollout = await WaitingAsync(world);
        await using var gateway = await StartAsync(world, new() { Share = 1, Queue = 2 });
        using var inside = new SemaphoreSlim(0);
        using var stuck = new SemaphoreSlim(0);
        world.New.Before = async cancellation =>
        {
            inside.Release();
            await stuck.WaitAsync(cancellation);
            throw new InvalidOperationException("green fails");
        };

        await gateway.DoAsync(HttpMethod.Post, Search, Body(TextAt(0)));
        await inside.WaitAsync(Cancellation);
        for (var i = 1; i <= 5; i++)
        {
            (await gateway.DoAsync(HttpMethod.Post, Search, Body(TextAt(i)))).GetProperty("results").GetArrayLength().ShouldBe(10);
        }

        (await CountedAsync(world, rollout, figures => figures.Dropped == 3, gateway)).Texts.ShouldBe(6);
        stuck.Release(3);
        var counted = await CountedAsync(world, rollout, figures => figures.Failed == 3, gateway);
        (counted.Compared, counted.Dropped).ShouldBe((0, 3));
        world.New.Before = null;
        await gateway.DoAsync(HttpMethod.Post, Search, Body(TextAt(6)));
        await CountedAsync(world, rollout, figures => figures.Compared == 1, gateway);
    }

    [Fact]
    public async Task Without_a_share_green_is_asked_nothing()
    {
        await using var world = await WithCorpusAsync(Documents);
        var rollout = await WaitingAsync(world);
        await using var gateway = await StartAsync(world, new());
        var asked = 0;
        world.New.Asked = _ => Interlocked.Increment(ref asked);

        for (var i = 0; i < Queries; i++)
        {
            await gateway.DoAsync(HttpMethod.Post, Search, Body(TextAt(i)));
        }

        await WorkerOf(gateway).WriteAsync(Cancellation);
        asked.ShouldBe(0);
        (await world.State.ShadowTotalsAsync(rollout.Id, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_share_of_the_texts_is_answered_twice_and_vectors_are_none_that_can_be()
    {
        const double Share = .25;
        await using var world = await WithCorpusAsync(Documents);
        var rollout = await WaitingAsync(world);
        await using var gateway = await StartAsync(world, new() { Share = Share });
        var sample = new ShadowSample(Share, Seed);
        var picked = Enumerable.Range(0, 2 * Queries).Count(_ => sample.Picks());
        var vector = JsonSerializer.Serialize(world.Old.VectorOf(TextAt(1)));

        for (var i = 0; i < 2 * Queries; i++)
        {
            await gateway.DoAsync(HttpMethod.Post, Search, Body(TextAt(i)));
            await gateway.DoAsync(HttpMethod.Post, Search, $$"""{"vector": {{vector}}, "fingerprint": "{{world.Old.Fingerprint.Id}}", "limit": 1}""");
        }

        var counted = await CountedAsync(world, rollout, figures => figures.Compared >= picked, gateway);
        (counted.Texts, counted.Compared, counted.NotComparable).ShouldBe((2 * Queries, picked, 2 * Queries));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_text_is_in_the_database_only_where_that_is_configured(bool keepText)
    {
        const string Planted = "an unmistakable question of somebody";
        await using var world = await WithCorpusAsync(Documents);
        var rollout = await WaitingAsync(world);
        await using (var gateway = await StartAsync(world, new() { Share = 1, KeepText = keepText }))
        {
            await gateway.DoAsync(HttpMethod.Post, Search, Body(Planted));
            await CountedAsync(world, rollout, figures => figures.Compared == 1, gateway);
        }

        var found = Directory.GetFiles(world.Folder, "state.db*").Any(file => Bytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Planted)) >= 0);
        found.ShouldBe(keepText);
        var query = (await world.State.ShadowQueriesAsync(rollout.Id, Cancellation)).ShouldHaveSingleItem();
        query.Text.ShouldBe(keepText ? Planted : null);
        query.Key.ShouldBe(DriftGuard.State.ShadowQuery.KeyOf(Planted));
        (query.BlueVector is null ? null : DriftGuard.State.VectorBlob.Read(query.BlueVector)).ShouldBe(keepText ? null : world.Old.VectorOf(Planted));
        (query.GreenVector is null ? null : DriftGuard.State.VectorBlob.Read(query.GreenVector)).ShouldBe(keepText ? null : world.New.VectorOf(Planted));

        static byte[] Bytes(string file)
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            return memory.ToArray();
        }
    }

    [Fact]
    public async Task What_differs_is_read_with_its_documents_and_judged_into_the_set()
    {
        await using var world = await WithCorpusAsync(Documents);
        var rollout = await WaitingAsync(world);
        await using var hashed = await StartAsync(world, new() { Share = 1 });
        await using var gateway = await StartAsync(world, new() { Share = 1, KeepText = true });
        await hashed.DoAsync(HttpMethod.Post, Search, Body("nobody reads this theme3"));
        var known = "WORD7  term7"; // a query of the set, written otherwise
        foreach (var text in new[] { "something new theme9", known })
        {
            await gateway.DoAsync(HttpMethod.Post, Search, Body(text));
        }

        await CountedAsync(world, rollout, figures => figures.Compared == 3, hashed, gateway);
        var reports = world.Services.GetRequiredService<ShadowReports>();
        var report = await reports.ReadAsync(rollout, 10, Cancellation);
        report.Unread.ShouldBeNull();
        (report.Summary!.Compared, report.Summary.Gateways, report.Kept).ShouldBe((3, 2, 3));
        report.Differences.Count.ShouldBe(3);
        report.Differences.Select(query => query.Overlap).ShouldBeInOrder();
        var shown = report.Differences.Single(query => query.Text == "something new theme9");
        shown.Green[0].Excerpt.ShouldBe(TextOf(int.Parse(shown.Green[0].Document, System.Globalization.CultureInfo.InvariantCulture)));
        shown.Blue.Count(result => result.Shared).ShouldBe(shown.Green.Count(result => result.Shared));

        var file = Path.Join(world.Folder, "judge.csv");
        var exported = await reports.ExportAsync(rollout, file, force: false, 10, Cancellation);
        (exported.Queries, exported.WithoutText).ShouldBe((2, 1));
        (await Should.ThrowAsync<OperatorException>(() => reports.ExportAsync(rollout, file, force: false, 10, Cancellation))).Error.ShouldBe(OperatorError.Conflict);
        var lines = await File.ReadAllLinesAsync(file, Cancellation);
        lines.Length.ShouldBe(exported.Rows + 1);
        var own = lines.Where(line => line.StartsWith("q7,", StringComparison.Ordinal)).ToList();
        own.ShouldNotBeEmpty("a query of the set keeps its id");
        own.ShouldAllBe(line => !line.StartsWith("q7,word7 term7,7,", StringComparison.Ordinal), "document 7 is judged already");
        await File.WriteAllLinesAsync(file, lines.Select((line, i) => i == 0 ? line : line + "1"), Cancellation);
        var before = new CalibrationSets([world.Folder]).Load(Set);
        var edited = await new SetEditor(new CalibrationSets([world.Folder])).AddQueriesAsync(Set, new SetSource(file), replace: false, Cancellation);
        (edited.QueriesAdded, edited.JudgementsAdded).ShouldBe((1, exported.Rows));
        edited.Set.Queries.Count.ShouldBe(before.Queries.Count + 1);
        edited.Set.Qrels.RelevantTo("q7").Count().ShouldBe(1 + own.Count);
    }

    [Fact]
    public async Task Without_texts_there_is_nothing_to_judge()
    {
        await using var world = await WithCorpusAsync(Documents);
        var rollout = await WaitingAsync(world);
        var reports = world.Services.GetRequiredService<ShadowReports>();
        var file = Path.Join(world.Folder, "judge.csv");
        (await Should.ThrowAsync<OperatorException>(() => reports.ExportAsync(rollout, file, force: false, 10, Cancellation))).Message.ShouldContain("no live query of docs-r1 is on record");
        await using var gateway = await StartAsync(world, new() { Share = 1 });
        await gateway.DoAsync(HttpMethod.Post, Search, Body("something new theme9"));
        await CountedAsync(world, rollout, figures => figures.Compared == 1, gateway);

        (await Should.ThrowAsync<OperatorException>(() => reports.ExportAsync(rollout, file, force: false, 10, Cancellation))).Message.ShouldContain("none of the 1 queries of docs-r1 has its text");
        File.Exists(file).ShouldBeFalse();
    }

    [Fact]
    public async Task Two_gateways_add_up_and_with_the_end_of_the_rollout_all_of_it_goes()
    {
        await using var world = await WithCorpusAsync(Documents);
        var rollout = await WaitingAsync(world);
        await using var one = await StartAsync(world, new() { Share = 1, KeepText = true });
        await using var two = await StartAsync(world, new() { Share = 1, KeepText = true });
        for (var i = 0; i < 10; i++)
        {
            await (i < 4 ? one : two).DoAsync(HttpMethod.Post, Search, Body(TextAt(i)));
        }

        (await CountedAsync(world, rollout, figures => figures.Compared == 10, one, two)).Texts.ShouldBe(10);
        (await world.State.ShadowTotalsAsync(rollout.Id, Cancellation))!.Gateways.ShouldBe(2);

        await world.AskAsync(rollout, RequestKind.Approve);
        (await world.RunAsync(rollout)).Phase.ShouldBe(RolloutPhase.Completed);

        // One that still takes it for under way.
        one.Services.GetRequiredService<ShadowLedger>().Count(rollout.Id, figures => figures.Texts++);
        await WorkerOf(one).WriteAsync(Cancellation);
        (await world.State.ShadowTotalsAsync(rollout.Id, Cancellation)).ShouldBeNull();
        (await world.State.ShadowQueriesAsync(rollout.Id, Cancellation)).ShouldBeEmpty();
        await WorkerOf(one).FollowAsync(Cancellation);
        one.Services.GetRequiredService<ShadowTraffic>().TargetOf(IndexName).ShouldBeNull();
    }

    [Fact]
    public async Task What_blue_answered_before_a_switch_is_not_compared_after_it()
    {
        await using var world = await WithCorpusAsync(Documents);
        var rollout = await WaitingAsync(world);
        await using var gateway = await StartAsync(world, new() { Share = 1 });
        var traffic = gateway.Services.GetRequiredService<ShadowTraffic>();
        var route = await gateway.Services.GetRequiredService<IndexRoutes>().CurrentAsync(IndexName, Cancellation);
        var query = new NearestQuery(world.Old.VectorOf(TextAt(1))) { Limit = 3 };
        var search = traffic.Pick(route, TextAt(1), query, await world.Qdrant.SearchAsync(rollout.Blue, query, Cancellation), TimeSpan.FromMilliseconds(1)).ShouldNotBeNull();

        traffic.Leave(search with { Token = search.Token.Next() });
        traffic.Leave(search with { Text = new string('x', 100_000) });
        traffic.Leave(search);

        var counted = await CountedAsync(world, rollout, figures => figures.Dropped + figures.Compared == 3, gateway);
        (counted.Dropped, counted.Compared).ShouldBe((2, 1));
    }

    private static string TextAt(int i) => $"word{(i * 7) + 1} theme{i % 20} term{i}";

    private static string Body(string text, int limit = 10) => $$"""{"text": "{{text}}", "limit": {{limit}}, "filter": {{Filter}}}""";

    private static async Task<AnsweredPoint[]> DirectAsync(RolloutWorld world, string collection, HashEmbedder model, string text, int limit)
    {
        var filter = new Filter { MustNot = { new Condition { HasId = new() { HasId = { Enumerable.Range(5, 5).Select(id => DriftGuard.Core.Points.PointId.FromNumber((ulong)id).ToWire()) } } } } };
        var hits = await world.Qdrant.SearchAsync(collection, new NearestQuery(model.VectorOf(text)) { Limit = limit, Filter = filter }, Cancellation);
        return [.. hits.Select(hit => new AnsweredPoint(hit.Id.ToString(), hit.Score))];
    }
}
