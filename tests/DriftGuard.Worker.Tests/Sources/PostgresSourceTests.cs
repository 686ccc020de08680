using DriftGuard.Core.Indexes;
using DriftGuard.Qdrant;
using DriftGuard.Testing.Postgres;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Sources;
using DriftGuard.Worker.Sources.Postgres;
using Qdrant.Client.Grpc;
using PointId = DriftGuard.Core.Points.PointId;

namespace DriftGuard.Worker.Tests.Sources;

/// <summary>A table on a real PostgreSQL, read by each kind of id.</summary>
public sealed class PostgresSourceTests : IAsyncLifetime
{
    private string connection = "";
    private PostgresConnections connections = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        connection = await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
        connections = new(new DriftGuardOptions { Indexes = [new() { Name = "docs", Source = new() { Kind = SourceKind.Postgres, Table = "t", Connection = connection } }] });
    }

    public ValueTask DisposeAsync()
    {
        connections?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task UUIDs_are_walked_in_the_order_of_the_collection_page_by_page()
    {
        await RunAsync("CREATE TABLE t (id uuid PRIMARY KEY, body text); INSERT INTO t SELECT gen_random_uuid(), 'text ' || n FROM generate_series(1, 5000) n; INSERT INTO t VALUES ('ffffffff-ffff-ffff-ffff-ffffffffffff', 'last'), ('00000000-0000-0000-0000-000000000000', 'first')");
        PointId[] ids = [PointId.FromNumber(5), PointId.FirstUuid, PointId.Parse("80000000-0000-4000-8000-000000000000"), PointId.Last];

        var range = await Source().RangeAsync([.. ids.Select(Point)], PointId.First, null, Cancellation);

        range.Texts.Select(text => text.Text).ShouldBe([null, "first", null, "last"]);
        range.Texts[0].WhyNot.ShouldBe("not in the source (table t)");
        range.Surplus.ShouldBe(5_000);
        var split = PointId.Parse("80000000-0000-0000-0000-000000000000");
        var halves = new[] { await Source().RangeAsync([], PointId.First, split, Cancellation), await Source().RangeAsync([], split, null, Cancellation) };
        halves.Sum(half => half.Surplus).ShouldBe(5_002);
        halves.ShouldAllBe(half => half.Surplus > 2_000);
        (await Source().RangeAsync([], PointId.First, PointId.FromNumber(100), Cancellation)).Surplus.ShouldBe(0, "no UUID lies below a number");
    }

    [Fact]
    public async Task Numbers_are_walked_up_to_the_largest()
    {
        await RunAsync($"CREATE TABLE t (id bigint PRIMARY KEY, body text); INSERT INTO t VALUES (-1, 'no point'), (0, 'zero'), (7, NULL), ({long.MaxValue}, 'max')");

        var range = await Source().RangeAsync([Point(PointId.First), Point(PointId.FromNumber(7)), Point(PointId.FromNumber(long.MaxValue)), Point(PointId.FromNumber(ulong.MaxValue))], PointId.First, null, Cancellation);

        range.Texts.Select(text => text.Text).ShouldBe(["zero", null, "max", null]);
        range.Texts[1].WhyNot.ShouldBe("no text in the source (table t)");
        range.Surplus.ShouldBe(0);
    }

    [Fact]
    public async Task Text_ids_and_chunks_are_looked_up_by_what_the_payload_says()
    {
        await RunAsync("CREATE TABLE t (id text, part int, title text, body text, PRIMARY KEY (id, part)); INSERT INTO t VALUES ('a', 0, 'A', 'first'), ('a', 1, NULL, 'second'), ('b', 0, 'B', 'third')");
        var source = Source(index => index with { Template = @"{title}\n{body}", Source = index.Source with { ChunkField = "part", PayloadId = "doc" } });

        var range = await source.RangeAsync([Point(PointId.FromNumber(1), ("doc", "a"), ("part", "1")), Point(PointId.FromNumber(2), ("doc", "b"), ("part", "0")), Point(PointId.FromNumber(3), ("doc", "b"), ("part", "9"))], PointId.First, null, Cancellation);

        range.Texts.Select(text => text.Text).ShouldBe(["second", "B\nthird", null]);
        range.Surplus.ShouldBeNull("rows cannot be walked beside the points");
    }

    [Fact]
    public async Task What_was_written_since_a_time_is_known_by_its_column()
    {
        await RunAsync("SET TIME ZONE 'America/New_York'; CREATE TABLE t (id int PRIMARY KEY, body text, at timestamp); INSERT INTO t VALUES (1, 'x', '2026-01-01 10:00'), (2, 'y', '2026-01-01 12:00'), (3, 'z', NULL)");
        var source = Source(index => index with { Source = index.Source with { UpdatedAt = "at" } });
        var changed = new List<PointId>();

        await foreach (var id in source.ChangedSinceAsync("", new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero), Cancellation))
        {
            changed.Add(id);
        }

        source.KnowsChanges.ShouldBeTrue();
        changed.ShouldBe([PointId.FromNumber(2)], "times without a zone are UTC");
    }

    [Theory]
    [InlineData("CREATE TABLE other (id int)", "there is no table or view 't' in the source's database")]
    [InlineData("CREATE TABLE t (id int, text text)", "lacks a column: column t.body does not exist")]
    [InlineData("CREATE TABLE t (id float, body text)", "column 'id' is of type double precision: an id is a smallint, integer, bigint, uuid, text or character varying")]
    [InlineData("CREATE TABLE t (id int, body bytea)", "column 'body' of table 't' holds bytes, not text")]
    [InlineData("CREATE TABLE t (id int, body text); INSERT INTO t VALUES (1, 'a'), (1, 'b')", "has several rows of id 1")]
    public async Task What_is_wrong_with_a_table_is_said(string sql, string message)
    {
        await RunAsync(sql);

        (await Should.ThrowAsync<OperatorException>(() => Source().RangeAsync([Point(PointId.FromNumber(1))], PointId.First, null, Cancellation))).Message.ShouldContain(message);
    }

    [Fact]
    public async Task Duplicates_show_themselves_where_pages_part()
    {
        await RunAsync("CREATE TABLE t (id int, body text); INSERT INTO t SELECT n, 'x' FROM generate_series(1, 4000) n; INSERT INTO t VALUES (2000, 'again')");

        (await Should.ThrowAsync<OperatorException>(() => Source().RangeAsync([], PointId.First, null, Cancellation))).Message.ShouldContain("several rows of id 2000");
    }

    [Fact]
    public async Task A_source_cannot_write()
    {
        await RunAsync("CREATE TABLE hits (n int); CREATE FUNCTION hit() RETURNS text LANGUAGE plpgsql AS $$ BEGIN INSERT INTO hits VALUES (1); RETURN 'x'; END $$; CREATE VIEW t AS SELECT 1 AS id, hit() AS body");

        (await Should.ThrowAsync<OperatorException>(() => Source().RangeAsync([], PointId.First, null, Cancellation))).Message.ShouldContain("read-only transaction");
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_said_without_its_password()
    {
        using var away = new PostgresConnections(new DriftGuardOptions { Indexes = [new() { Name = "docs", Source = new() { Connection = "Host=127.0.0.1;Port=1;Username=u;Password=secret-word;Timeout=2" } }] });

        var failure = await Should.ThrowAsync<OperatorException>(() => new PostgresSource(Index, away).TextsAsync([], Cancellation));

        failure.Error.ShouldBe(OperatorError.Unavailable);
        failure.Message.ShouldStartWith("the source's database cannot be reached");
        failure.Message.ShouldNotContain("secret-word");
    }

    [Fact]
    public async Task A_table_is_loaded_with_all_its_columns_and_its_problems_are_named()
    {
        await RunAsync("CREATE TABLE t (id int, body text, price numeric, tags text[], at timestamptz); INSERT INTO t SELECT n, 'text ' || n, 1.5, ARRAY['a'], '2026-01-01Z' FROM generate_series(1, 2500) n");
        var corpus = new CorpusReader(connections).Of(Index, new() { Table = "t" });

        var check = await corpus.CheckAsync(Cancellation);
        check.ShouldSatisfyAllConditions(c => c.Documents.ShouldBe(2_500), c => c.ProblemCount.ShouldBe(0));
        var points = new List<Worker.Points.SourcePoint>();
        await foreach (var point in corpus.ReadAsync(Cancellation))
        {
            points.Add(point);
        }

        points.Select(point => point.Id.Number).ShouldBe(Enumerable.Range(1, 2_500).Select(n => (ulong)n));
        points[0].Payload.Keys.Order(StringComparer.Ordinal).ShouldBe(["at", "body", "id", "price", "tags"]);
        points[0].Text.ShouldBe("text 1");

        await RunAsync("INSERT INTO t (id, body) VALUES (NULL, 'x'), (1000, 'again'), (2600, NULL)");
        (await corpus.CheckAsync(Cancellation)).Problems.ShouldBe(
        [
            "table t: 1 rows have no id", "table t, row of id 1000: document id repeats that of table t, row of id 1000",
            "table t, row of id 2600: document '2600' has no text under payload key 'body'",
        ]);
    }

    [Theory]
    [InlineData("t\"; DROP TABLE x; --")]
    [InlineData("a.b.c")]
    [InlineData("")]
    public void A_name_is_quoted_or_refused(string name)
    {
        if (PostgresNames.WhyNotATable(name) is null)
        {
            PostgresNames.Table(name).ShouldBe("\"t\"\"; DROP TABLE x; --\"");
        }
        else
        {
            Should.Throw<OperatorException>(() => PostgresNames.Table(name)).Message.ShouldContain("no name of a table");
        }
    }

    private static IndexDefinition Index => new() { Name = "docs", TextField = "body", CreatedAt = default, Source = new() { Kind = SourceKind.Postgres, Table = "t" } };

    private ICorpusSource Source(Func<IndexDefinition, IndexDefinition>? change = null) => new PostgresSource(change?.Invoke(Index) ?? Index, connections);

    private Task RunAsync(string sql) => PostgresServer.ExecuteAsync(connection, sql);

    private static RetrievedPoint Point(PointId id) => new() { Id = id.ToWire() };

    private static RetrievedPoint Point(PointId id, params (string Key, string Value)[] payload)
    {
        var point = Point(id);
        foreach (var (key, value) in payload)
        {
            point.Payload[key] = key == "part" ? new() { IntegerValue = long.Parse(value, System.Globalization.CultureInfo.InvariantCulture) } : new() { StringValue = value };
        }

        return point;
    }
}
