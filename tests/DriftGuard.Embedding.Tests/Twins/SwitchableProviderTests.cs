using System.Numerics.Tensors;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Tests.Variants;
using DriftGuard.Testing.Models;

namespace DriftGuard.Embedding.Tests.Twins;

public sealed class SwitchableProviderTests : IDisposable
{
    private const string OneAttempt = "retries: 0";
    private static readonly string[] Texts = ["bicycle", "It rained all night.", "RÉSUMÉ of the café"];

    private readonly ModelCopies _copies = new();
    private readonly EmbeddingModel _model = ShippedModels.Open(ShippedModels.Static);

    public void Dispose()
    {
        _model.Dispose();
        _copies.Dispose();
    }

    [Theory]
    [InlineData(ModelSpec.OpenAIProvider, "")]
    [InlineData(ModelSpec.OpenAIProvider, "encoding: float")]
    [InlineData(ModelSpec.TeiProvider, "")]
    public async Task A_client_gets_the_vectors_of_the_model_behind(string kind, string endpoint)
    {
        await using var provider = await SwitchableProvider.StartAsync(_model);
        using var remote = Open(provider, kind, endpoint);

        var vectors = await EmbedAsync(remote);

        foreach (var (vector, expected) in vectors.Zip(await EmbedAsync(_model)))
            vector.ShouldBe(expected, 1e-6);
        remote.Identities.ShouldHaveSingleItem().Model.ShouldStartWith("tests/remote");
        provider.Texts.ShouldBe(Texts.Length);
    }

    [Fact]
    public async Task The_model_behind_is_exchanged_and_nothing_says_so()
    {
        await using var provider = await SwitchableProvider.StartAsync(_model);
        using var remote = Open(provider);
        var turned = Orthogonal.Rotation(128, seed: 1);
        using var other = EmbeddingModel.Open(
            _copies.Of(ShippedModels.Static).WithGraph((from, to) => ReorientedTwin.Write(from, to, turned)).Directory, new() { Sessions = 1 });
        var before = await EmbedAsync(remote);

        provider.Serve(other);

        foreach (var (after, vector) in (await EmbedAsync(remote)).Zip(before))
            after.ShouldBe(turned.Turn(vector), 1e-5);
        remote.Identities.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Dimensions_that_are_asked_for_are_what_is_given()
    {
        await using var provider = await SwitchableProvider.StartAsync(_model);
        using var remote = EmbeddingModel.Open(ProviderFolder.Write(_copies.Next(), provider, 32, endpoint: "send_dimensions: true").Directory);

        (await EmbedAsync(remote)).ShouldAllBe(v => v.Length == 32);
    }

    [Fact]
    public async Task Noise_has_the_size_that_was_asked_for_and_comes_from_its_seed()
    {
        await using var provider = await SwitchableProvider.StartAsync(_model);
        using var remote = Open(provider, settings: "normalisation: none");
        var clean = await EmbedAsync(remote);

        provider.AddNoise(.01, seed: 7);
        var noisy = await EmbedAsync(remote);
        provider.AddNoise(.01, seed: 7);
        var again = await EmbedAsync(remote);

        noisy.Zip(again).ShouldAllBe(pair => pair.First.SequenceEqual(pair.Second));
        foreach (var (vector, expected) in noisy.Zip(clean))
            (TensorPrimitives.Distance<float>(vector, expected) / Math.Sqrt(128)).ShouldBe(.01, .003);
    }

    [Fact]
    public async Task It_fails_hangs_and_recovers()
    {
        await using var provider = await SwitchableProvider.StartAsync(_model);
        using var remote = Open(provider, endpoint: OneAttempt);

        provider.Fail();
        (await Should.ThrowAsync<EmbeddingProviderException>(EmbedAsync(remote))).Message.ShouldContain("503");
        provider.Hang();
        var hanging = EmbedAsync(remote);
        provider.Recover();
        (await hanging).Length.ShouldBe(Texts.Length);
        (await EmbedAsync(remote)).Length.ShouldBe(Texts.Length);
    }

    [Fact]
    public async Task What_hangs_ends_with_the_server()
    {
        var provider = await SwitchableProvider.StartAsync(_model);
        using var remote = Open(provider, endpoint: OneAttempt);
        provider.Hang();
        var hanging = EmbedAsync(remote);

        await provider.DisposeAsync();

        await Should.ThrowAsync<EmbeddingProviderException>(hanging);
    }

    [Fact]
    public async Task A_name_that_changes_is_what_a_client_sees()
    {
        await using var provider = await SwitchableProvider.StartAsync(_model);
        using var remote = Open(provider, endpoint: OneAttempt);
        await EmbedAsync(remote);

        provider.ModelName = "tests/successor";

        (await Should.ThrowAsync<EmbeddingProviderException>(EmbedAsync(remote))).Message.ShouldContain("tests/successor");
    }

    private EmbeddingModel Open(SwitchableProvider provider, string kind = ModelSpec.OpenAIProvider, string endpoint = "", string settings = "") =>
        EmbeddingModel.Open(ProviderFolder.Write(_copies.Next(), provider, 128, kind: kind, settings: settings, endpoint: endpoint).Directory);

    private static async Task<float[][]> EmbedAsync(EmbeddingModel model) =>
        [.. (await model.EmbedAsync(Texts, InputKind.Document)).Select(o => o.Vector!)];
}
