using DriftGuard.Qdrant.Tests.Server;
using Grpc.Core;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Tests.Connection;

public sealed class ApiKeyFileTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public async Task A_rotated_key_is_read_again_when_the_old_one_is_refused_even_for_a_call_that_is_never_repeated()
    {
        await File.WriteAllTextAsync(_file, "old\n");
        await using var server = await ScriptedServer.StartAsync(call => call.ApiKey == "new"
            ? Answer.Ok(new CollectionOperationResponse { Result = true })
            : Answer.Fail(StatusCode.Unauthenticated));
        using var store = server.Connect(options => options.ApiKeyFile = _file);
        await File.WriteAllTextAsync(_file, "new\n");

        await store.ChangeAliasesAsync([new AliasChange.Delete("docs")]);
        await store.ChangeAliasesAsync([new AliasChange.Delete("docs")]);

        server.Calls.Select(call => call.ApiKey).ShouldBe(["old", "new", "new"]);
    }

    [Fact]
    public async Task A_key_that_is_refused_and_has_not_changed_is_not_tried_again()
    {
        await File.WriteAllTextAsync(_file, "old");
        await using var server = await ScriptedServer.StartAsync(Answer.Fail(StatusCode.Unauthenticated));
        using var store = server.Connect(options => options.ApiKeyFile = _file);
        (await Should.ThrowAsync<QdrantException>(() => store.AliasesAsync())).Kind.ShouldBe(QdrantFailure.Unauthenticated);
        server.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public void An_empty_key_file_is_refused_at_start()
    {
        var options = new QdrantOptions { ApiKeyFile = _file };
        Should.Throw<InvalidOperationException>(() => new QdrantStore(options)).Message.ShouldContain("is empty");
    }

    public void Dispose() => File.Delete(_file);
}
