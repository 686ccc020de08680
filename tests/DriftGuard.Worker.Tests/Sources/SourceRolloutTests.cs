using System.Globalization;
using DriftGuard.Core.Indexes;
using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts;
using DriftGuard.Testing.Postgres;
using DriftGuard.Worker.Tests.Rollouts;
using Npgsql;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Sources;

/// <summary>Rollouts from start to end whose texts come from each kind of source.</summary>
public sealed class SourceRolloutTests
{
    private const int Documents = 400;

    [Fact]
    public async Task A_template_of_the_payload_is_what_is_embedded()
    {
        await using var world = await WithCorpusAsync(Documents);
        await world.SetAsync(7, "title", "A title");
        await world.SetSourceAsync(index => index with { Template = @"{title}\n{text}" });

        var rollout = await world.RunAsync(await world.StartAsync());

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        await world.ShouldMirrorAsync(rollout.Green, rollout.Blue, world.New);
        await ShouldEmbedAsync(world, rollout, d => d == 7 ? $"A title\n{TextOf(7)}" : TextOf(d));
    }

    [Theory]
    [InlineData(SourceKind.Jsonl)]
    [InlineData(SourceKind.Parquet)]
    public async Task The_texts_of_a_file_are_embedded_and_payloads_are_kept(SourceKind kind)
    {
        await using var world = await WithCorpusAsync(Documents);
        await UseFileAsync(world, kind, Enumerable.Range(1, Documents + 3));

        var rollout = await world.RunAsync(await world.StartAsync());

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        await world.ShouldMirrorAsync(rollout.Green, rollout.Blue, world.New);
        await ShouldEmbedAsync(world, rollout, SourceText);
    }

    [Theory]
    [InlineData("bigint")]
    [InlineData("text")]
    public async Task The_texts_of_a_table_are_embedded_and_payloads_are_kept(string type)
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using var world = await WithCorpusAsync(Documents);
        await UseTableAsync(world, type, Enumerable.Range(1, Documents + 3));

        var rollout = await world.RunAsync(await world.StartAsync());

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        await world.ShouldMirrorAsync(rollout.Green, rollout.Blue, world.New);
        await ShouldEmbedAsync(world, rollout, SourceText);
    }

    [Fact]
    public async Task Points_that_a_table_lacks_or_has_softly_deleted_are_parked_until_it_has_them()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using var world = await WithCorpusAsync(Documents);
        var connection = await UseTableAsync(world, "bigint", Enumerable.Range(1, Documents));
        await PostgresServer.ExecuteAsync(connection, "DELETE FROM shop.docs WHERE id = 300; UPDATE shop.docs SET gone = now() WHERE id = 301");

        var rollout = await world.RunAsync(await world.StartAsync(), d => d.Phase == RolloutPhase.Paused || d.Phase.IsEnd());

        rollout.Reason.ShouldBe(RolloutReason.GateBlocked, rollout.Message);
        (await world.State.ParkedAsync(rollout.Id, Cancellation)).OrderBy(p => p.PointId, StringComparer.Ordinal).Select(p => (p.PointId, p.Reason)).ShouldBe(
        [
            ("300", "not in the source (table shop.docs)"), ("301", "softly deleted in the source (table shop.docs), and still in the collection"),
        ]);

        await PostgresServer.ExecuteAsync(connection, $"INSERT INTO shop.docs (id, body) VALUES (300, '{SourceText(300)}'); UPDATE shop.docs SET gone = NULL");
        await world.AskAsync(rollout, RequestKind.Resume);
        rollout = await world.RunAsync(rollout);

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        await ShouldEmbedAsync(world, rollout, SourceText);
    }

    [Fact]
    public async Task A_file_that_changes_during_the_rollout_is_read_again_and_what_differs_is_embedded_again()
    {
        await using var world = await WithCorpusAsync(Documents);
        var path = await UseFileAsync(world, SourceKind.Jsonl, Enumerable.Range(1, Documents));
        var (started, changed, carried) = (await world.StartAsync(), false, 0L);

        var rollout = await world.RunAsync(started, onDecision: decision =>
        {
            carried = Math.Max(carried, world.FindAsync(started).GetAwaiter().GetResult().WritesCarried);
            if (decision.Phase == RolloutPhase.CatchingUp && !changed)
            {
                changed = true;
                File.WriteAllLines(path, Enumerable.Range(1, Documents).Select(d => Line(d, d == 11 ? $"{SourceText(d)} edited" : SourceText(d))));
            }
        });

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        carried.ShouldBe(1);
        await ShouldEmbedAsync(world, rollout, d => d == 11 ? $"{SourceText(d)} edited" : SourceText(d));
        Directory.GetFiles(Path.Join(world.Folder, "sources")).Length.ShouldBe(1, "the spool of the file as it was is gone");
    }

    [Fact]
    public async Task Under_a_fence_texts_that_a_table_says_were_updated_and_payloads_that_nobody_tells_of_are_carried()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using var world = await WithCorpusAsync(Documents);
        var connection = await UseTableAsync(world, "bigint", Enumerable.Range(1, Documents));
        await world.SetSourceAsync(index => index with { Source = index.Source with { UpdatedAt = "updated" } });
        var rollout = await world.RunAsync(await world.StartAsync(), decision => decision.Action == RolloutAction.RaiseFence);
        await world.LastPassTookAsync(rollout, rollout.Settings.FenceLimit / 2);

        await PostgresServer.ExecuteAsync(connection, "UPDATE shop.docs SET body = 'an edited text', updated = now() WHERE id = 5");
        await world.SetAsync(6, "note", "an edited payload");
        rollout = await world.RunAsync(rollout);

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        rollout.LastPass!.ChangesSince.ShouldNotBeNull();
        await world.ShouldMirrorAsync(rollout.Green, rollout.Blue, world.New);
        await ShouldEmbedAsync(world, rollout, d => d == 5 ? "an edited text" : SourceText(d));
    }

    [Fact]
    public async Task A_source_is_not_changed_under_a_rollout()
    {
        await using var world = await WithCorpusAsync(Documents);
        var rollout = await world.StartAsync();

        (await Should.ThrowAsync<OperatorException>(() => world.SetSourceAsync(index => index with { Template = "{text} {title}" })))
            .Message.ShouldContain($"rollout {rollout.Id} of index 'docs' is under way");
    }

    [Fact]
    public async Task A_source_that_cannot_be_used_is_refused_when_it_is_declared()
    {
        await using var world = await WithCorpusAsync(20);
        var path = Path.Join(world.Folder, "bad.jsonl");
        await File.WriteAllLinesAsync(path, [Line(1, "one"), """{"id": null, "text": "x"}""", Line(1, "again"), "not json"], Cancellation);

        var message = (await Should.ThrowAsync<OperatorException>(() => world.SetSourceAsync(index => index with { Source = new() { Kind = SourceKind.Jsonl, Path = path } }))).Message;

        message.ShouldContain("has 3 problem(s), nothing was read from it");
        message.ShouldContain($"{path}:2: the id under key 'id' is null");
        message.ShouldContain($"{path}:3: document id repeats that of {path}:1");
        message.ShouldContain($"{path}:4: not a usable JSON object");
        Directory.GetFiles(Path.Join(world.Folder, "sources")).ShouldBeEmpty("no half of a spool stays");
        (await Should.ThrowAsync<OperatorException>(() => world.SetSourceAsync(index => index with { Template = "{title" }))).Message.ShouldContain("never closed");
        (await Should.ThrowAsync<OperatorException>(() => world.SetSourceAsync(index => index with { TextField = "nothing" }))).Message.ShouldContain("no text under payload key 'nothing'. Name the key with --text-field");
    }

    private static string SourceText(int document) => $"{TextOf(document)} from the source";

    private static string Line(int document, string text) => string.Create(CultureInfo.InvariantCulture, $$"""{"id": "{{document}}", "text": "{{text}}", "at": "2026-01-01T00:00:00Z"}""");

    private static async Task<string> UseFileAsync(RolloutWorld world, SourceKind kind, IEnumerable<int> documents)
    {
        var path = Path.Join(world.Folder, kind == SourceKind.Parquet ? "texts.parquet" : "texts.jsonl");

        // In no order: the spool sorts.
        var shuffled = documents.OrderBy(d => unchecked(d * 2654435761)).ToList();
        if (kind == SourceKind.Parquet)
        {
            await ParquetFiles.WriteAsync(path, shuffled.Select(d => ((string?)d.ToString(CultureInfo.InvariantCulture), (string?)SourceText(d))));
        }
        else
        {
            await File.WriteAllLinesAsync(path, shuffled.Select(d => Line(d, SourceText(d))), Cancellation);
        }

        await world.SetSourceAsync(index => index with { Source = new() { Kind = kind, Path = path } });
        return path;
    }

    private static async Task<string> UseTableAsync(RolloutWorld world, string type, IEnumerable<int> documents)
    {
        var connection = await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
        await PostgresServer.ExecuteAsync(connection, $"CREATE SCHEMA shop; CREATE TABLE shop.docs (id {type} PRIMARY KEY, body text, gone timestamptz, updated timestamptz NOT NULL DEFAULT '2020-01-01')");
        await using (var session = new NpgsqlConnection(connection))
        {
            await session.OpenAsync(Cancellation);
            await using var insert = new NpgsqlCommand($"INSERT INTO shop.docs (id, body) SELECT d.id::{type}, d.body FROM unnest($1, $2) AS d(id, body)", session);
            var all = documents.ToArray();
            insert.Parameters.Add(new() { Value = Array.ConvertAll(all, d => d.ToString(CultureInfo.InvariantCulture)) });
            insert.Parameters.Add(new() { Value = Array.ConvertAll(all, SourceText) });
            await insert.ExecuteNonQueryAsync(Cancellation);
        }

        var secret = Path.Join(world.Folder, "connection");
        await File.WriteAllTextAsync(secret, connection + "\n", Cancellation);
        await world.SetSourceAsync(index => index with
        {
            TextField = "body",
            Source = new() { Kind = SourceKind.Postgres, Table = "shop.docs", ConnectionFile = secret, Deleted = "gone" },
        });
        return connection;
    }

    private static async Task ShouldEmbedAsync(RolloutWorld world, Rollout rollout, Func<int, string> text)
    {
        var green = await world.ReadAsync(rollout.Green);
        green.Count.ShouldBe(Documents);
        foreach (var (id, point) in green)
        {
            var expected = text(int.Parse(id, CultureInfo.InvariantCulture));
            point.Stamp!.ContentHash.ShouldBe(ContentHash.Of(expected), id);
            VectorSketch.Matches(VectorSketch.Of(point.Vector), VectorSketch.Of(world.New.VectorOf(expected))).ShouldBeTrue(id);
        }
    }
}
