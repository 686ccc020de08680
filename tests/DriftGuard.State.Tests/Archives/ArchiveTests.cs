using DriftGuard.State.Archives;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace DriftGuard.State.Tests.Archives;

public sealed class ArchiveOnSqliteTests() : ArchiveTests(StateKind.Sqlite);

public sealed class ArchiveOnPostgresTests() : ArchiveTests(StateKind.Postgres);

/// <summary>A backup holds everything, goes between databases, and is taken while others write.</summary>
public abstract class ArchiveTests(StateKind kind) : StateFolder(kind)
{
    [Fact]
    public async Task Every_entity_type_of_the_model_is_in_a_backup_row_by_row()
    {
        await using var context = await Database.OpenContextAsync(Cancellation);
        await Examples.AddAsync(context, Cancellation);

        var manifest = await StateBackup.TakeAsync(Database, FileOf("backup.zip"), overwrite: false, Clock, Cancellation);

        manifest.Tables.Select(table => table.Name).ShouldBe(context.Model.GetEntityTypes().Select(type => type.GetTableName()!), ignoreOrder: true);
        manifest.Tables.Count.ShouldBeGreaterThan(25);
        manifest.Tables.ShouldAllBe(table => table.Rows == 3);
        foreach (var type in context.Model.GetEntityTypes())
        {
            manifest.Tables.Single(table => table.Name == type.GetTableName()).Columns.Select(column => column.Name)
                .ShouldBe(type.GetProperties().Select(property => property.GetColumnName()), ignoreOrder: true);
        }

        (manifest.TakenAt, manifest.Source, manifest.Schema).ShouldBe((Noon, Database.Name, StateSchema.Current));
        using var archive = ArchiveReader.Open(FileOf("backup.zip"));
        await archive.VerifyAsync(Cancellation);
    }

    [Fact]
    public async Task Everything_comes_back_as_it_was_on_the_same_database_and_by_way_of_the_other_one()
    {
        await using var context = await Database.OpenContextAsync(Cancellation);
        await Examples.AddAsync(context, Cancellation);
        var before = await Examples.ReadAsync(context, Cancellation);
        before.Count.ShouldBe(3 * context.Model.GetEntityTypes().Count());
        await StateBackup.TakeAsync(Database, FileOf("first.zip"), overwrite: false, Clock, Cancellation);

        var same = await NewDatabaseAsync("same");
        await LoadAsync(same, "first.zip");
        (await ReadAsync(same)).ShouldBe(before);

        var other = await NewDatabaseAsync("other", Kind == StateKind.Sqlite ? StateKind.Postgres : StateKind.Sqlite);
        await LoadAsync(other, "first.zip");
        (await ReadAsync(other)).ShouldBe(before);

        await StateBackup.TakeAsync(other, FileOf("second.zip"), overwrite: false, Clock, Cancellation);
        var back = await NewDatabaseAsync("back");
        await LoadAsync(back, "second.zip");
        (await ReadAsync(back)).ShouldBe(before);
        Digests("second.zip").ShouldBe(Digests("first.zip"));
    }

    [Fact]
    public async Task A_backup_beside_writers_is_of_one_moment()
    {
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 3).Select(writer => Task.Run(async () =>
        {
            var store = await OpenAsync(Database, Clock);
            var written = 0;
            for (; !stop.IsCancellationRequested || written < 20; written++)
            {
                // One transaction: an open write and three marks, under one sequence.
                await store.MarkDirtyAsync($"index-{writer}", [.. Enumerable.Range(0, 3).Select(id => $"{written}-{id}")], WriteKind.Put, TimeSpan.FromHours(1), Cancellation);
            }

            return written;
        })).ToList();

        var files = new List<string>();
        while (files.Count < 5)
        {
            files.Add(FileOf($"backup-{files.Count}.zip"));
            await StateBackup.TakeAsync(Database, files[^1], overwrite: false, Clock, Cancellation);
        }

        await stop.CancelAsync();
        (await Task.WhenAll(writers)).ShouldAllBe(written => written >= 20);
        foreach (var file in files)
        {
            using var archive = ArchiveReader.Open(file);
            await archive.VerifyAsync(Cancellation);
            var open = await ColumnAsync(archive, "OpenWrites", "Sequence");
            var marks = await ColumnAsync(archive, "DirtyIds", "Sequence");
            marks.GroupBy(sequence => sequence).ShouldAllBe(group => group.Count() == 3);
            marks.Distinct().Order().ShouldBe(open.Order());
            archive.Manifest.OutboxSequence.ShouldBeGreaterThanOrEqualTo(open.Append(0).Max());
        }
    }

    [Fact]
    public async Task A_backup_is_for_its_owner_alone_and_replaces_another_only_when_told_to()
    {
        var file = FileOf("backup.zip");
        await File.WriteAllTextAsync(file, "another", Cancellation);

        await Should.ThrowAsync<IOException>(() => StateBackup.TakeAsync(Database, file, overwrite: false, Clock, Cancellation));
        (await File.ReadAllTextAsync(file, Cancellation)).ShouldBe("another");

        await StateBackup.TakeAsync(Database, file, overwrite: true, Clock, Cancellation);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        Directory.GetFiles(Folder, "*.part").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_backup_that_is_given_up_leaves_no_file()
    {
        using var given = new CancellationTokenSource();
        await given.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => StateBackup.TakeAsync(Database, FileOf("backup.zip"), overwrite: false, Clock, given.Token));

        Directory.GetFiles(Folder, "backup*").ShouldBeEmpty();
    }

    /// <summary>The rows as they are in a backup, and nothing of what a restore makes of them.</summary>
    private async Task LoadAsync(StateDatabase database, string file)
    {
        await OpenAsync(database, Clock);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        NpgsqlConnection.ClearAllPools();
        using var archive = ArchiveReader.Open(FileOf(file));
        var restoring = database.ForRestoring();
        await using var use = await restoring.UseAloneAsync(Cancellation);
        var tables = StateTable.Of(use.Context.Model);
        await using var transaction = await use.BeginAsync(tables, Cancellation);
        await use.EmptyAsync(transaction, tables, Cancellation);
        await ArchiveLoader.LoadAsync(archive, transaction, Cancellation);
        await use.SettleAsync(transaction, tables, Cancellation);
        await transaction.CommitAsync(Cancellation);
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(StateDatabase database)
    {
        await using var context = await database.OpenContextAsync(Cancellation);
        return await Examples.ReadAsync(context, Cancellation);
    }

    private static async Task<List<long>> ColumnAsync(ArchiveReader archive, string table, string column)
    {
        var described = archive.Manifest.Tables.Single(t => t.Name == table);
        var at = described.Columns.Select(c => c.Name).ToList().IndexOf(column);
        var values = new List<long>();
        await foreach (var row in archive.RowsAsync(described, Cancellation))
        {
            values.Add((long)row[at]!);
        }

        return values;
    }

    private IEnumerable<(string Name, string Sha256)> Digests(string file)
    {
        using var archive = ArchiveReader.Open(FileOf(file));
        return [.. archive.Manifest.Tables.Select(table => (table.Name, table.Sha256))];
    }

    private string FileOf(string name) => Path.Join(Folder, name);
}
