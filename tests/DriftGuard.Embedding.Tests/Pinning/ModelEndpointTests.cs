using DriftGuard.Embedding.Pinning;

namespace DriftGuard.Embedding.Tests.Pinning;

public sealed class ModelEndpointTests
{
    private const string Name = "behind-a-gateway";

    [Theory]
    [InlineData("headers: { X-Gateway-Key: hush }", "endpoint.headers.X-Gateway-Key", "expected no headers")]
    [InlineData("query: { api-version: \"1\", subscription-key: hush }", "endpoint.query.subscription-key", "expected no parameter but api-version")]
    public async Task What_may_be_a_secret_is_not_taken_into_the_lock_file(string setting, string key, string expected)
    {
        await using var world = await PinningWorld.StartAsync();
        using var pinning = world.Open();
        var folder = Folder(world, setting);

        var error = await Should.ThrowAsync<PinningException>(() => pinning.AddAsync(folder, replace: false, default));

        error.Message.ShouldStartWith(Path.Join(folder, "model.yaml") + ":");
        error.Message.ShouldContain($"{key} would stand in the lock file in clear text");
        error.Message.ShouldContain(expected);
        error.Message.ShouldContain("api_key_file or api_key_env");
        error.Message.ShouldNotContain("hush");
        File.Exists(world.LockFile).ShouldBeFalse();
        Directory.Exists(world.FolderOf(Name)).ShouldBeFalse();
    }

    [Fact]
    public async Task The_version_of_an_api_is_no_secret()
    {
        await using var world = await PinningWorld.StartAsync();
        using var pinning = world.Open();

        (await pinning.AddAsync(Folder(world, "query: { api-version: \"2024-02-01\" }"), replace: false, default)).Changed.ShouldBeTrue();
    }

    [Fact]
    public async Task The_file_of_the_key_is_found_from_the_cache_and_the_key_stays_where_it_is()
    {
        await using var world = await PinningWorld.StartAsync();
        using var pinning = world.Open();
        var folder = Folder(world, "api_key_file: secrets/key.txt");
        var key = Path.Join(Directory.CreateDirectory(Path.Join(folder, "secrets")).FullName, "key.txt");
        await File.WriteAllTextAsync(key, "hush");

        await pinning.AddAsync(folder, replace: false, default);

        var cached = world.FolderOf(Name);
        ModelYaml.Read(cached).Spec["endpoint"]["api_key_file"].ToString().ShouldBe(Path.GetFullPath(key));
        world.Locked(Name)!.Spec["endpoint"]["api_key_file"].ToString().ShouldBe(Path.GetFullPath(key));
        Directory.GetFileSystemEntries(cached).ShouldBe([Path.Join(cached, "model.yaml")]);
        (await File.ReadAllTextAsync(world.LockFile)).ShouldNotContain("hush");
    }

    [Fact]
    public async Task Another_address_of_the_same_model_is_taken_over()
    {
        await using var world = await PinningWorld.StartAsync();
        using var pinning = world.Open();
        var before = await pinning.AddAsync(Folder(world), replace: false, default);

        var after = await pinning.AddAsync(Folder(world, url: "https://second.example/v1"), replace: true, default);

        after.Changed.ShouldBeTrue();
        after.Model.Fingerprint.ShouldBe(before.Model.Fingerprint);
        AddressIn(world).ShouldBe("https://second.example/v1");
        (await pinning.AddAsync(Folder(world, url: "https://second.example/v1"), replace: true, default)).Changed.ShouldBeFalse();
    }

    [Fact]
    public async Task Another_address_in_the_lock_file_is_taken_over_by_a_pull()
    {
        await using var world = await PinningWorld.StartAsync();
        using var pinning = world.Open();
        await pinning.AddAsync(Folder(world), replace: false, default);
        await File.WriteAllTextAsync(world.LockFile, (await File.ReadAllTextAsync(world.LockFile)).Replace("first.example", "second.example", StringComparison.Ordinal));

        var pulled = await pinning.PullLockedAsync(default);
        var again = await pinning.PullLockedAsync(default);

        pulled.ShouldHaveSingleItem().Changed.ShouldBeTrue();
        again.ShouldHaveSingleItem().Changed.ShouldBeFalse();
        AddressIn(world).ShouldBe("https://second.example/v1");
    }

    private static string AddressIn(PinningWorld world) => ModelYaml.Read(world.FolderOf(Name)).Spec["endpoint"]["url"].ToString();

    private static string Folder(PinningWorld world, string setting = "max_texts_per_request: 8", string url = "https://first.example/v1")
    {
        var folder = Directory.CreateDirectory(Path.Join(world.Hub.Folder, "own")).FullName;
        File.WriteAllText(Path.Join(folder, "model.yaml"), $"""
            name: {Name}
            provider: openai
            model: some-model
            dimensions: 8
            max_tokens: 512
            endpoint:
              url: {url}
              {setting}
            """);
        return folder;
    }
}
