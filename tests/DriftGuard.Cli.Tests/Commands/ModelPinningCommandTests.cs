using DriftGuard.Cli.Shell;
using DriftGuard.Testing.Hub;

namespace DriftGuard.Cli.Tests.Commands;

public sealed class ModelPinningCommandTests : IDisposable
{
    private const string Model = "static-wordpiece-128";
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly string _folder = Directory.CreateTempSubdirectory("driftguard-cli-models-").FullName;

    private static string Shipped => Path.Join(AppContext.BaseDirectory, "models", Model);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_added_model_is_locked_and_verified_and_those_that_are_not_are_said()
    {
        var own = Directory.CreateDirectory(Path.Join(_folder, "own")).FullName;
        foreach (var file in (string[])["model.onnx", "vocab.txt"])
            File.Copy(Path.Join(Shipped, file), Path.Join(own, file));
        var spec = await File.ReadAllTextAsync(Path.Join(Shipped, "model.yaml"));
        await File.WriteAllTextAsync(Path.Join(own, "model.yaml"), spec.Replace($"name: {Model}", "name: own", StringComparison.Ordinal));
        var added = await RunAsync("a", "model", "add", Shipped);
        var list = await RunAsync("a", "models", "list", "-o", "json");
        var verified = await RunAsync("a", "models", "verify");
        var verifiedOwn = await RunAsync("a", "models", "verify", own);

        added.Code.ShouldBe(ExitCode.Success, added.Error);
        added.Out.ShouldStartWith($"new     {Model}  fcb3a4c9  ");
        list.Json.EnumerateArray().Where(row => row.GetProperty("name").GetString() == Model).Select(row => row.GetProperty("lock").GetString())
            .ShouldAllBe(state => state == "locked");
        verified.Code.ShouldBe(ExitCode.Success, verified.Out);
        verified.Out.ShouldNotContain("is not in the lock file");
        list.Json.EnumerateArray().Single(row => row.GetProperty("name").GetString() == "all-minilm-l6-v2-int8").GetProperty("lock").GetString().ShouldBe("shipped");
        verifiedOwn.Out.ShouldContain($"is not in the lock file {Path.Join(_folder, "models.lock.yaml")}");
    }

    [Fact]
    public async Task What_is_locked_is_pulled_from_the_hub_on_another_machine_and_gone_when_removed()
    {
        await using var hub = await FakeHub.StartAsync();
        foreach (var file in (string[])["model.onnx", "vocab.txt"])
            hub.Add("tests/static", Commit, file, await File.ReadAllBytesAsync(Path.Join(Shipped, file)), large: file == "model.onnx");
        await RunAsync("a", "models", "add", Shipped);
        await LockToHubAsync();

        var pulled = await RunAsync("b", hub, "models", "pull");
        var json = await RunAsync("b", hub, "models", "pull", Model, "-o", "json");
        var removed = await RunAsync("b", hub, "models", "remove", Model);

        pulled.Code.ShouldBe(ExitCode.Success, pulled.Error);
        pulled.Out.ShouldStartWith($"new     {Model}  ");
        pulled.Error.ShouldContain($"pulling {Model}, bytes: ");
        json.Json[0].GetProperty("changed").GetBoolean().ShouldBeFalse();
        removed.Out.ShouldBe($"removed  {Model}\n");
        Directory.Exists(Path.Join(_folder, "b", "models", "models", Model)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_model_that_is_locked_and_nowhere_is_broken_to_verify()
    {
        await RunAsync("a", "models", "add", Shipped);
        await LockToHubAsync();

        var run = await RunAsync("b", "models", "verify");

        run.Code.ShouldBe(ExitCode.Refused);
        run.Out.ShouldContain($"run `driftguard models pull {Model}`");
    }

    [Theory]
    [InlineData("models pull no-such-model", ExitCode.NotFound, "neither in the lock file nor in the catalogue")]
    [InlineData("models pull", ExitCode.NotFound, "there is no lock file")]
    [InlineData("models pull --replace", ExitCode.Usage, "need a name")]
    [InlineData("models remove no-such-model", ExitCode.NotFound, "there is no model 'no-such-model' in the cache")]
    [InlineData("models add .", ExitCode.Usage, "model.yaml")]
    public async Task What_cannot_be_done_is_said(string line, object code, string message)
    {
        var run = await RunAsync("a", line.Split(' '));

        run.Code.ShouldBe((ExitCode)code);
        run.Error.ShouldContain(message);
    }

    [Fact]
    public async Task The_catalogue_is_listed_with_cards_and_licences()
    {
        var run = await RunAsync("a", "models", "list", "--available", "-o", "json");

        run.Json.EnumerateArray().First(entry => entry.GetProperty("name").GetString() == "bge-m3").GetProperty("licence").GetString().ShouldBe("MIT");
    }

    private Task<CommandLineRun> RunAsync(string machine, params string[] arguments) => RunAsync(machine, null, arguments);

    private Task<CommandLineRun> RunAsync(string machine, FakeHub? hub, params string[] arguments) => CommandLineRun.Of(
        [.. arguments, "--data", Path.Join(_folder, machine)], default,
        ("DRIFTGUARD__MODELS__LOCKFILE", Path.Join(_folder, "models.lock.yaml")), ("DRIFTGUARD__MODELS__HUB", hub?.Address.ToString() ?? "http://127.0.0.1:9"));

    // The lock file as if the model had come from a hub: the same bytes under a commit.
    private async Task LockToHubAsync()
    {
        var (file, lines) = (Path.Join(_folder, "models.lock.yaml"), new List<string>());
        foreach (var line in await File.ReadAllLinesAsync(Path.Join(_folder, "models.lock.yaml")))
        {
            lines.Add(line
                .Replace($"\"folder:{Model}\"", "\"hub:tests/static\"", StringComparison.Ordinal)
                .Replace("revision: \"1\"", $"revision: \"{Commit}\"", StringComparison.Ordinal)
                .Replace("fcb3a4c96c67f88f37aee026ecaf3ab398a0e23e022e94ad3d67b0f0f27704a5", FingerprintAtCommit(), StringComparison.Ordinal));
        }

        await File.WriteAllLinesAsync(file, lines);
    }

    private static string FingerprintAtCommit()
    {
        var folder = Embedding.ModelCatalog.Find([Shipped]).Single();
        return Core.Embedding.Fingerprint.Of(folder.Spec! with { Revision = Commit }).Id;
    }
}
