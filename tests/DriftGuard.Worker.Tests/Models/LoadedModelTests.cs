using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.State;
using DriftGuard.Worker.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Tests.Models;

/// <summary>As which model a provider answers is known across restarts and processes.</summary>
public sealed class LoadedModelTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("driftguard-loaded-").FullName;
    private WebApplication server = null!;
    private StateStore state = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>As which model the server answers.</summary>
    private string Name { get; set; } = "a";

    private string System { get; set; } = "fp_1";

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        server = builder.Build();
        server.Run(context => context.Response.WriteAsync(
            $$"""{"data":[{"index":0,"embedding":[3,4]}],"model":"{{Name}}","system_fingerprint":"{{System}}"}""", Cancellation));
        await server.StartAsync(Cancellation);
        await File.WriteAllTextAsync(Path.Join(folder, "model.yaml"), $"""
            name: remote
            provider: openai
            model: remote
            dimensions: 2
            max_tokens: 100
            endpoint:
              url: {server.Urls.Single()}
            """, Cancellation);
        state = await OpenStateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Another_model_behind_the_same_address_is_seen_after_a_restart()
    {
        using (var first = await OpenAsync())
        {
            (await EmbedAsync(first))[0].Vector.ShouldBe([.6f, .8f]);
        }

        Name = "b";
        using var second = await OpenAsync();

        (await Should.ThrowAsync<EmbeddingProviderException>(() => EmbedAsync(second))).Message.ShouldContain("expected answers of model 'a'; found 'b'.");
        (await RecordedAsync()).ShouldBe([("a", "fp_1")]);
    }

    [Fact]
    public async Task Another_system_behind_the_same_name_is_on_record()
    {
        using var model = await OpenAsync();
        await EmbedAsync(model);
        System = "fp_2";

        (await EmbedAsync(model))[0].IsEmbedded.ShouldBeTrue();

        (await RecordedAsync()).ShouldBe([("a", "fp_1"), ("a", "fp_2")]);
    }

    [Fact]
    public async Task Another_process_that_got_another_model_is_noticed_before_vectors_are_handed_out()
    {
        using var mine = await OpenAsync();
        using var theirs = await OpenAsync();
        await EmbedAsync(mine);
        Name = "b";

        (await Should.ThrowAsync<EmbeddingProviderException>(() => EmbedAsync(theirs))).Message.ShouldContain("expected answers of model 'b'; found 'a'.");

        (await RecordedAsync()).ShouldBe([("a", "fp_1")]);
    }

    private static async Task<IReadOnlyList<EmbeddingOutcome>> EmbedAsync(LoadedModel model) => await model.EmbedAsync(["text"], InputKind.Document, Cancellation);

    private Task<StateStore> OpenStateAsync() => StateStore.OpenAsync(Path.Join(folder, "state.db"), TimeProvider.System, Cancellation);

    private async Task<LoadedModel> OpenAsync()
    {
        var known = await state.ModelIdentitiesAsync(null, Cancellation);
        return new(EmbeddingModel.Open(folder, new() { KnownIdentities = [.. known.Select(i => i.Identity)] }), await OpenStateAsync(), new(TimeProvider.System));
    }

    private async Task<IReadOnlyList<(string Model, string System)>> RecordedAsync() =>
        [.. (await state.ModelIdentitiesAsync(null, Cancellation)).Select(i => (i.Identity.Model, i.Identity.SystemFingerprint))];
}
