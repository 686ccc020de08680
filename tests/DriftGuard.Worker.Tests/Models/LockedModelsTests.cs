using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Embedding.Pinning;
using DriftGuard.Testing.Hub;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Tests.Models;

public sealed class LockedModelsTests : IDisposable
{
    private const string Name = "static-wordpiece-128";
    private const string Other = "own-model";
    private const string OtherShipped = "all-minilm-l6-v2-int8";
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly string folder = Directory.CreateTempSubdirectory("driftguard-locked-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Shipped => Path.Join(AppContext.BaseDirectory, "models", Name);

    private string LockFile => Path.Join(folder, "models.lock.yaml");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Without_a_lock_file_every_model_runs() => new LockedModels(Options()).Find(Name).Name.ShouldBe(Name);

    [Fact]
    public async Task With_one_only_what_it_lists_runs()
    {
        await LockAsync();
        var own = Path.Join(folder, "own", Other);
        Directory.CreateDirectory(own);
        var spec = await File.ReadAllTextAsync(Path.Join(Shipped, "model.yaml"), Cancellation);
        await File.WriteAllTextAsync(Path.Join(own, "model.yaml"), spec.Replace($"name: {Name}", $"name: {Other}", StringComparison.Ordinal), Cancellation);
        var models = new LockedModels(Options() with { Roots = [Path.Join(folder, "own")] });

        models.Find(Name).Name.ShouldBe(Name);
        var refusal = Should.Throw<OperatorException>(() => models.Find(Other));
        refusal.Message.ShouldContain($"model '{Other}' in {own}");
        refusal.Message.ShouldContain("driftguard models add");
        refusal.Message.ShouldContain(LockFile);
    }

    [Fact]
    public async Task What_comes_with_the_release_needs_no_entry()
    {
        await LockAsync();

        new LockedModels(Options()).Find(OtherShipped).Name.ShouldBe(OtherShipped);
    }

    [Fact]
    public async Task A_model_of_the_same_name_and_another_fingerprint_is_refused_with_both()
    {
        await LockAsync();
        var locked = await File.ReadAllTextAsync(LockFile, Cancellation);
        var fingerprint = ModelCatalog.Find([Shipped]).Single().Fingerprint!.Value.Id;
        await File.WriteAllTextAsync(LockFile, locked.Replace(fingerprint, new string('a', 64), StringComparison.Ordinal), Cancellation);

        var refusal = Should.Throw<OperatorException>(() => new LockedModels(Options()).Find(Name));

        refusal.Message.ShouldContain(fingerprint[..8]);
        refusal.Message.ShouldContain("aaaaaaaa");
    }

    [Fact]
    public async Task What_is_missing_is_pulled_only_if_that_is_asked_for()
    {
        await using var hub = await FakeHub.StartAsync();
        await LockToHubAsync(hub);
        var pulled = new List<string>();

        await PullAsync(Options(hub), pulled);

        hub.Calls.ShouldBeEmpty();
        new LockedModels(Options(hub)).Missing().ShouldBe([Name]);

        await PullAsync(Options(hub) with { PullMissing = true }, pulled);

        pulled.ShouldBe([Name]);
        new LockedModels(Options(hub)).Missing().ShouldBeEmpty();
        new LockedModels(Options(hub)).Find(Name).Spec!.Revision.ShouldBe(Commit);
        var asked = hub.Calls.Count;
        await PullAsync(Options(hub) with { PullMissing = true }, pulled);
        hub.Calls.Count.ShouldBe(asked);
    }

    private static Task PullAsync(ModelsOptions options, List<string> pulled) =>
        new LockedModels(options).PullMissingAsync(new Dictionary<string, string>(), TimeProvider.System, pulled.Add, Cancellation);

    private ModelsOptions Options(FakeHub? hub = null) => new()
    {
        Cache = Path.Join(folder, "cache"),
        LockFile = LockFile,
        Hub = hub?.Address.ToString() ?? "http://127.0.0.1:9",
    };

    private async Task LockAsync()
    {
        using var pinning = new ModelPinning(Options().Pinning(new Dictionary<string, string>()), TimeProvider.System);
        await pinning.AddAsync(Shipped, replace: false, Cancellation);
    }

    /// <summary>The lock file of another machine, as if the model came from a hub: the same bytes at a commit.</summary>
    private async Task LockToHubAsync(FakeHub hub)
    {
        foreach (var file in (string[])["model.onnx", "vocab.txt"])
            hub.Add("tests/static", Commit, file, await File.ReadAllBytesAsync(Path.Join(Shipped, file), Cancellation), large: true);
        await LockAsync();
        Directory.Delete(Path.Join(folder, "cache"), recursive: true);
        var spec = ModelCatalog.Find([Shipped]).Single().Spec!;
        var text = await File.ReadAllTextAsync(LockFile, Cancellation);
        await File.WriteAllTextAsync(
            LockFile,
            text.Replace($"\"folder:{Name}\"", "\"hub:tests/static\"", StringComparison.Ordinal)
                .Replace("revision: \"1\"", $"revision: \"{Commit}\"", StringComparison.Ordinal)
                .Replace(Fingerprint.Of(spec).Id, Fingerprint.Of(spec with { Revision = Commit }).Id, StringComparison.Ordinal),
            Cancellation);
    }
}
