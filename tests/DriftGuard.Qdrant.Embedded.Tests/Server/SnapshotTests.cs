using System.Net;
using System.Security.Cryptography;
using Grpc.Core;
using Qdrant.Client.Grpc;
using static DriftGuard.Qdrant.Embedded.Tests.Api;

namespace DriftGuard.Qdrant.Embedded.Tests.Server;

/// <summary>Snapshots are made by gRPC and travel by HTTP; a collection that is made of one is what the first one was.</summary>
public sealed class SnapshotTests
{
    [Fact]
    public async Task A_collection_that_was_deleted_comes_back_with_everything_but_its_aliases()
    {
        await using var server = await TestServer.StartAsync();
        await FillAsync(server.Client, "docs");
        await server.Client.AliasesAsync(Alias("alias", "docs"));
        var before = await server.Client.ScrollAsync("docs");
        var schema = (await InfoAsync(server.Client, "docs")).PayloadSchema;
        var made = await CreateAsync(server.Client, "docs");

        var file = await DownloadAsync(server, "docs", made.Name);
        await server.Client.CallAsync<CollectionOperationResponse>("Collections", "Delete", new DeleteCollection { CollectionName = "docs" });
        (await UploadAsync(server, "again", file)).ShouldBe(HttpStatusCode.OK);

        (file.Length, Convert.ToHexStringLower(SHA256.HashData(file))).ShouldBe(((int)made.Size, made.Checksum));
        (await server.Client.ScrollAsync("again")).Result.ShouldBe(before.Result);
        (await InfoAsync(server.Client, "again")).PayloadSchema.ShouldBe(schema);
        (await Should.ThrowAsync<RpcException>(server.Client.CountAsync("alias"))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task It_holds_what_was_there_when_it_was_made_and_survives_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("embedded-qdrant-").FullName;
        byte[] file;
        await using (var server = await TestServer.StartAsync(folder))
        {
            await FillAsync(server.Client, "docs");
            var made = await CreateAsync(server.Client, "docs");
            await server.Client.DeleteAsync("docs", 1, 2, 3);
            file = await DownloadAsync(server, "docs", made.Name);
            await UploadAsync(server, "again", file);
            await server.Client.UpsertAsync("again", Point(500, [1, 2, 3]));
        }

        await using (var server = await TestServer.StartAsync(folder))
        {
            (await server.Client.CountAsync("docs")).ShouldBe(97u);
            (await server.Client.CountAsync("again")).ShouldBe(101u);
            (await ListAsync(server.Client, "docs")).Count.ShouldBe(1);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task They_are_listed_and_deleted()
    {
        await using var server = await TestServer.StartAsync();
        await FillAsync(server.Client, "docs");
        var (first, second) = (await CreateAsync(server.Client, "docs"), await CreateAsync(server.Client, "docs"));

        (await ListAsync(server.Client, "docs")).Select(one => one.Name).ShouldBe([first.Name, second.Name], ignoreOrder: true);
        await DeleteAsync(server.Client, "docs", first.Name);
        (await ListAsync(server.Client, "docs")).ShouldHaveSingleItem().Name.ShouldBe(second.Name);
        (await Should.ThrowAsync<RpcException>(DeleteAsync(server.Client, "docs", first.Name))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await Should.ThrowAsync<RpcException>(CreateAsync(server.Client, "none"))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Theory]
    [InlineData("../catalog.db")]
    [InlineData("..%2F..%2Fcatalog.db")]
    [InlineData("none.snapshot")]
    public async Task No_other_file_is_served(string name)
    {
        await using var server = await TestServer.StartAsync();
        await FillAsync(server.Client, "docs");
        await CreateAsync(server.Client, "docs");

        using var answer = await SendAsync(server, new(HttpMethod.Get, $"/collections/docs/snapshots/{name}"));

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_is_no_snapshot_or_comes_under_a_name_that_is_taken_changes_nothing()
    {
        await using var server = await TestServer.StartAsync();
        await FillAsync(server.Client, "docs");
        await server.Client.AliasesAsync(Alias("alias", "docs"));
        var file = await DownloadAsync(server, "docs", (await CreateAsync(server.Client, "docs")).Name);
        var damaged = file.ToArray();
        RandomNumberGenerator.Fill(damaged.AsSpan(damaged.Length / 2, 4_000));

        (await UploadAsync(server, "docs", file)).ShouldBe(HttpStatusCode.Conflict);
        (await UploadAsync(server, "alias", file)).ShouldBe(HttpStatusCode.BadRequest);
        (await UploadAsync(server, "again", [])).ShouldBe(HttpStatusCode.BadRequest);
        (await UploadAsync(server, "again", "no snapshot"u8.ToArray())).ShouldBe(HttpStatusCode.BadRequest);
        (await UploadAsync(server, "again", damaged)).ShouldBe(HttpStatusCode.BadRequest);
        using (var form = await SendAsync(server, new(HttpMethod.Post, "/collections/again/snapshots/upload") { Content = new StringContent("text") }))
            form.StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        (await server.Client.CallAsync<ListCollectionsResponse>("Collections", "List", new ListCollectionsRequest())).Collections.Select(one => one.Name).ShouldBe(["docs"]);
        Directory.GetFiles(server.Directory, "*.points.db").ShouldHaveSingleItem();
        (await server.Client.CountAsync("docs")).ShouldBe(100u);
    }

    [Fact]
    public async Task Nobody_gets_them_without_the_key()
    {
        await using var server = await TestServer.StartAsync(apiKey: "secret");

        using var without = await SendAsync(server, new(HttpMethod.Get, "/collections/docs/snapshots/one"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/collections/docs/snapshots/one");
        request.Headers.Add("api-key", "secret");
        using var with = await SendAsync(server, request);

        without.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        with.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task FillAsync(Client client, string name)
    {
        await client.CreateAsync(name, 3);
        await client.UpsertAsync(name, Enumerable.Range(1, 100).Select(id => Point((ulong)id, [id, 1, -id], ("number", id))));
        await client.CallAsync<PointsOperationResponse>("Points", "CreateFieldIndex", new CreateFieldIndexCollection { CollectionName = name, FieldName = "number", FieldType = FieldType.Integer, Wait = true });
    }

    private static async Task<CollectionInfo> InfoAsync(Client client, string name) =>
        (await client.CallAsync<GetCollectionInfoResponse>("Collections", "Get", new GetCollectionInfoRequest { CollectionName = name })).Result;

    private static async Task<SnapshotDescription> CreateAsync(Client client, string name) =>
        (await client.CallAsync<CreateSnapshotResponse>("Snapshots", "Create", new CreateSnapshotRequest { CollectionName = name })).SnapshotDescription;

    private static async Task<IReadOnlyList<SnapshotDescription>> ListAsync(Client client, string name) =>
        (await client.CallAsync<ListSnapshotsResponse>("Snapshots", "List", new ListSnapshotsRequest { CollectionName = name })).SnapshotDescriptions;

    private static Task<DeleteSnapshotResponse> DeleteAsync(Client client, string name, string snapshot) =>
        client.CallAsync<DeleteSnapshotResponse>("Snapshots", "Delete", new DeleteSnapshotRequest { CollectionName = name, SnapshotName = snapshot });

    private static async Task<byte[]> DownloadAsync(TestServer server, string name, string snapshot)
    {
        using var answer = await SendAsync(server, new(HttpMethod.Get, $"/collections/{name}/snapshots/{snapshot}"));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<HttpStatusCode> UploadAsync(TestServer server, string name, byte[] file)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(file), "snapshot", "snapshot" } };
        using var answer = await SendAsync(server, new(HttpMethod.Post, $"/collections/{name}/snapshots/upload") { Content = form });
        return answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> SendAsync(TestServer server, HttpRequestMessage request)
    {
        using var client = new HttpClient { BaseAddress = server.Address };
        (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
