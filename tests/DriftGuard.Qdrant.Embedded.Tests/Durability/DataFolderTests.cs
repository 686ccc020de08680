using Grpc.Core;
using Microsoft.Data.Sqlite;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Tests.Durability;

public sealed class DataFolderTests
{
    [Fact]
    public async Task A_second_process_on_a_folder_is_refused_and_told_who_holds_it()
    {
        var directory = Directory.CreateTempSubdirectory("embedded-qdrant-two-");
        using var first = await ServerProcess.StartAsync(directory.FullName);

        var refusal = await Should.ThrowAsync<EmbeddedQdrantException>(() => EmbeddedQdrant.StartAsync(new EmbeddedQdrantOptions { DataDirectory = directory.FullName }));

        refusal.Message.ShouldContain(directory.FullName);
        refusal.Message.ShouldContain($"process {first.Id}");
        await first.KillAsync();
        await using (await TestServer.StartAsync(directory.FullName))
        {
            // The killed holder's lock is gone with it.
        }

        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_refused_by_name()
    {
        var file = Path.GetTempFileName();
        var folder = Path.Combine(file, "data");

        var refusal = await Should.ThrowAsync<EmbeddedQdrantException>(() => EmbeddedQdrant.StartAsync(new EmbeddedQdrantOptions { DataDirectory = folder }));

        refusal.Message.ShouldContain(folder);
        File.Delete(file);
    }

    [Fact]
    public async Task A_damaged_catalog_is_refused_by_folder()
    {
        var directory = Directory.CreateTempSubdirectory("embedded-qdrant-damaged-");
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "catalog.db"), new string('x', 100_000));

        var refusal = await Should.ThrowAsync<EmbeddedQdrantException>(() => EmbeddedQdrant.StartAsync(new EmbeddedQdrantOptions { DataDirectory = directory.FullName }));

        refusal.Message.ShouldContain(directory.FullName);
        directory.Delete(recursive: true);
    }

    [Theory]
    [InlineData("UPDATE points SET vectors = x'0000000000000040'")]
    [InlineData("UPDATE points SET vectors = x'0000000001000000ffffffff'")]
    [InlineData("INSERT INTO points SELECT 7, id, version, payload, vectors FROM points")]
    [InlineData("DROP TABLE points")]
    public async Task A_damaged_points_file_is_refused_by_name_and_collection(string damage)
    {
        var directory = Directory.CreateTempSubdirectory("embedded-qdrant-damaged-");
        await using (var server = await TestServer.StartAsync(directory.FullName))
        {
            await server.Client.CreateAsync("docs", 2);
            await server.Client.UpsertAsync("docs", Api.Point(1, [1, 2]));
        }

        var file = Directory.EnumerateFiles(directory.FullName, "*.points.db").ShouldHaveSingleItem();
        Change(file, damage);

        var refusal = await Should.ThrowAsync<EmbeddedQdrantException>(() => EmbeddedQdrant.StartAsync(new EmbeddedQdrantOptions { DataDirectory = directory.FullName }));

        refusal.Message.ShouldContain(file);
        refusal.Message.ShouldContain("collection 'docs'");
        refusal.Message.ShouldNotContain("request");
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_catalog_whose_rows_are_damaged_is_refused_by_name()
    {
        var directory = Directory.CreateTempSubdirectory("embedded-qdrant-damaged-");
        await using (var server = await TestServer.StartAsync(directory.FullName)) await server.Client.CreateAsync("docs", 2);
        var file = Path.Combine(directory.FullName, "catalog.db");
        Change(file, "UPDATE collections SET config = x'ffffff'");

        var refusal = await Should.ThrowAsync<EmbeddedQdrantException>(() => EmbeddedQdrant.StartAsync(new EmbeddedQdrantOptions { DataDirectory = directory.FullName }));

        refusal.Message.ShouldContain(file);
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_taken_port_is_refused_by_address()
    {
        await using var first = await TestServer.StartAsync();
        var directory = Directory.CreateTempSubdirectory("embedded-qdrant-port-");

        var refusal = await Should.ThrowAsync<EmbeddedQdrantException>(() =>
            EmbeddedQdrant.StartAsync(new EmbeddedQdrantOptions { DataDirectory = directory.FullName, Port = first.Address.Port }));

        refusal.Message.ShouldContain($"127.0.0.1:{first.Address.Port}");
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_full_disk_refuses_the_write_and_leaves_memory_equal_to_disk()
    {
        var directory = Directory.CreateTempSubdirectory("embedded-qdrant-full-");
        ulong acknowledged = 0;
        await using (var server = await TestServer.StartAsync(directory.FullName, maxPages: 60))
        {
            await server.Client.CreateAsync("docs", 64);
            var refusal = await Should.ThrowAsync<RpcException>(async () =>
            {
                for (ulong batch = 0; batch < 1_000; batch++)
                {
                    await server.Client.UpsertAsync("docs", Batch(batch));
                    acknowledged += 50;
                }
            });

            refusal.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
            refusal.Status.Detail.ShouldContain(directory.FullName);
            acknowledged.ShouldBeGreaterThan(0UL);
            (await server.Client.CountAsync("docs")).ShouldBe(acknowledged);
            await server.Client.DeleteAsync("docs", Enumerable.Range(0, 100).Select(id => (ulong)id));
            await server.Client.UpsertAsync("docs", Batch(0)); // the server lives, and what was freed can be used
        }

        await using (var reopened = await TestServer.StartAsync(directory.FullName))
        {
            (await reopened.Client.CountAsync("docs")).ShouldBe(acknowledged - 50);
            await reopened.Client.UpsertAsync("docs", Batch(1_000_000));
        }

        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_restart_brings_everything_back()
    {
        var directory = Directory.CreateTempSubdirectory("embedded-qdrant-restart-");
        ScrollResponse before;
        ulong operation;
        await using (var server = await TestServer.StartAsync(directory.FullName))
        {
            var client = server.Client;
            await client.CallAsync<CollectionOperationResponse>("Collections", "Create", new CreateCollection
            {
                CollectionName = "docs",
                VectorsConfig = new VectorsConfig
                {
                    ParamsMap = new VectorParamsMap
                    {
                        Map = { ["a"] = new VectorParams { Size = 2, Distance = Distance.Cosine }, ["b"] = new VectorParams { Size = 3, Distance = Distance.Euclid } },
                    },
                },
                Metadata = { ["driftguard.fp"] = new Value { StringValue = "abc" } },
            });
            await client.AliasesAsync(Api.Alias("live", "docs"));
            await client.UpsertAsync("docs",
                new PointStruct { Id = new PointId { Num = 1 }, Vectors = Api.Named(("a", [3, 4]), ("b", [1, 2, 3])), Payload = { ["n"] = new Value { IntegerValue = 1 } } },
                new PointStruct { Id = new PointId { Uuid = "00000000-0000-0000-0000-0000000000ff" }, Vectors = Api.Named(("b", [1, 2, 3])) });
            await client.CallAsync<PointsOperationResponse>("Points", "CreateFieldIndex",
                new CreateFieldIndexCollection { CollectionName = "docs", Wait = true, FieldName = "n", FieldType = FieldType.Integer });
            await client.CallAsync<PointsOperationResponse>("Points", "DeleteVectorName", new DeleteVectorNameRequest { CollectionName = "docs", VectorName = "b" });
            await client.CallAsync<PointsOperationResponse>("Points", "CreateVectorName", new CreateVectorNameRequest
            {
                CollectionName = "docs",
                VectorName = "b",
                DenseConfig = new DenseVectorCreationConfig { Size = 3, Distance = Distance.Dot },
            });
            before = await client.ScrollAsync("live");
            operation = (await client.DeleteAsync("docs", 999)).Result.OperationId;
        }

        await using (var server = await TestServer.StartAsync(directory.FullName))
        {
            var after = await server.Client.ScrollAsync("live");
            after.Result.ShouldBe(before.Result);
            after.Result[1].Vectors.Vectors.Vectors.ShouldBeEmpty("a vector name that was created anew starts empty");
            var info = (await server.Client.CallAsync<GetCollectionInfoResponse>(
                "Collections", "Get", new GetCollectionInfoRequest { CollectionName = "docs" })).Result;
            info.Config.Metadata["driftguard.fp"].StringValue.ShouldBe("abc");
            info.Config.Params.VectorsConfig.ParamsMap.Map["b"].Distance.ShouldBe(Distance.Dot);
            info.PayloadSchema["n"].Points.ShouldBe(1UL);
            (await server.Client.DeleteAsync("docs", 999)).Result.OperationId.ShouldBe(operation + 1);
        }

        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_deleted_collection_leaves_no_file()
    {
        await using var server = await TestServer.StartAsync();
        await server.Client.CreateAsync("docs", 4);
        await server.Client.UpsertAsync("docs", Api.Point(1, [1, 2, 3, 4]));

        await server.Client.CallAsync<CollectionOperationResponse>("Collections", "Delete", new DeleteCollection { CollectionName = "docs" });

        Directory.EnumerateFiles(server.Directory, "*.points.db*").ShouldBeEmpty();
    }

    private static void Change(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static IEnumerable<PointStruct> Batch(ulong batch) =>
        Enumerable.Range(0, 50).Select(i => Api.Point((batch * 50) + (ulong)i, [.. Enumerable.Repeat((float)i, 64)], ("n", i)));
}
