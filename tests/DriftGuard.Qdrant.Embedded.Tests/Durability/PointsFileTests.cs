using DriftGuard.Qdrant.Embedded.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Tests.Durability;

/// <summary>A start removes only files that cannot hold anything of anybody's, and never makes anew one that is gone.</summary>
public sealed class PointsFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("embedded-qdrant-files-");
    private readonly WarningLog _log = new();

    private string Catalog => Path.Combine(_directory.FullName, "catalog.db");

    [Fact]
    public async Task A_listed_points_file_that_is_missing_is_refused_by_name()
    {
        var file = await StoreOnePointAsync();
        File.Move(file, $"{file}.moved");

        var refusal = await Should.ThrowAsync<EmbeddedQdrantException>(StartAsync);

        refusal.Message.ShouldContain(file);
        refusal.Message.ShouldContain("missing");
        File.Exists(file).ShouldBeFalse();
        File.Move($"{file}.moved", file);
        await using var restored = await StartAsync();
    }

    [Fact]
    public async Task A_file_with_points_that_the_catalog_does_not_list_stays_and_is_told()
    {
        var file = await StoreOnePointAsync();
        File.Move(Catalog, $"{Catalog}.moved");

        await using (await StartAsync()) File.Exists(file).ShouldBeTrue();

        _log.Warnings.ShouldHaveSingleItem().ShouldContain(file);
        File.Move($"{Catalog}.moved", Catalog, overwrite: true);
        await using var server = await TestServer.StartAsync(_directory.FullName);
        (await server.Client.CountAsync("docs")).ShouldBe(1UL);
    }

    [Fact]
    public async Task A_file_that_is_no_database_stays()
    {
        var file = Path.Combine(_directory.FullName, "notes.points.db");
        await File.WriteAllTextAsync(file, new string('x', 10_000), TestContext.Current.CancellationToken);

        await using var server = await StartAsync();

        File.Exists(file).ShouldBeTrue();
    }

    [Fact]
    public async Task What_a_creation_that_was_cut_off_left_is_removed()
    {
        var begun = Path.Combine(_directory.FullName, "begun.points.db");
        await File.WriteAllTextAsync(begun, "", TestContext.Current.CancellationToken);
        var made = Path.Combine(_directory.FullName, "made.points.db");
        PointFile.Create(made, maxPages: null).Dispose();

        await using var server = await StartAsync();

        _directory.EnumerateFiles("*.points.db*").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_deletion_whose_file_stays_is_done_all_the_same_and_the_file_goes_at_the_next_start()
    {
        var file = await StoreOnePointAsync();
        await using (var server = await TestServer.StartAsync(_directory.FullName))
        {
            var sidecar = Directory.CreateDirectory($"{file}-journal"); // a folder by a sidecar's name: File.Delete refuses it
            await server.Client.CallAsync<CollectionOperationResponse>("Collections", "Delete", new DeleteCollection { CollectionName = "docs" });
            (await server.Client.CallAsync<ListCollectionsResponse>("Collections", "List", new ListCollectionsRequest())).Collections.ShouldBeEmpty();
            sidecar.Delete();
        }

        await File.WriteAllBytesAsync(file, [1, 2, 3], TestContext.Current.CancellationToken); // as if it had not been removed
        await using (await StartAsync()) File.Exists(file).ShouldBeFalse();
        Dropped().ShouldBe(0L);
        _log.Warnings.ShouldBeEmpty();
    }

    public void Dispose()
    {
        _log.Dispose();
        _directory.Delete(recursive: true);
    }

    private Task<EmbeddedQdrant> StartAsync() =>
        EmbeddedQdrant.StartAsync(new EmbeddedQdrantOptions { DataDirectory = _directory.FullName }, new LoggerFactory([_log]));

    private async Task<string> StoreOnePointAsync()
    {
        await using var server = await TestServer.StartAsync(_directory.FullName);
        await server.Client.CreateAsync("docs", 2);
        await server.Client.UpsertAsync("docs", Api.Point(1, [1, 2]));
        return _directory.EnumerateFiles("*.points.db").ShouldHaveSingleItem().FullName;
    }

    private long Dropped()
    {
        using var connection = new SqliteConnection($"Data Source={Catalog};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM dropped_files";
        return (long)command.ExecuteScalar()!;
    }
}
