using DriftGuard.Embedding.Pinning;
using DriftGuard.Embedding.Pinning.Cache;
using static DriftGuard.Embedding.Tests.Pinning.PinningWorld;

namespace DriftGuard.Embedding.Tests.Pinning;

public sealed class ModelExchangeTests
{
    [Fact]
    public async Task The_old_model_is_there_until_the_new_one_is_kept()
    {
        await using var world = await StartAsync();
        var cache = new ModelCache(world.Cache());
        using var held = await cache.LockAsync(() => { }, TimeProvider.System, default);
        cache.Show(cache.Assemble(Name, "name: old", []), Name).Keep();

        var exchange = cache.Show(cache.Assemble(Name, "name: new", []), Name);

        File.ReadAllText(SpecFile(world)).ShouldBe("name: new");
        File.ReadAllText(Path.Join(Incoming(world).ShouldHaveSingleItem(), "model.yaml")).ShouldBe("name: old");
        exchange.Keep();
        Incoming(world).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_lock_file_that_cannot_be_written_leaves_the_model_that_was_there()
    {
        await using var world = await StartAsync();
        await world.PullAsync();
        var before = await File.ReadAllTextAsync(SpecFile(world));
        // No folder can be where a file is.
        var inTheWay = Path.Join(world.Hub.Folder, "file");
        await File.WriteAllTextAsync(inTheWay, "");
        using var pinning = new ModelPinning(
            new() { CacheDirectory = world.Cache(), LockFile = Path.Join(inTheWay, "models.lock.yaml"), Hub = world.Hub.Hub.Address }, world.Hub.Time, null,
            [CatalogueEntry.Parse(Entry().Replace("max_tokens: 256", "max_tokens: 128", StringComparison.Ordinal), "entry.yaml")], world.Hub.Options(), _ => long.MaxValue / 2);

        var error = await Should.ThrowAsync<PinningException>(() => pinning.PullAsync(Name, new() { Replace = true }, default));

        error.Message.ShouldContain("cannot be written");
        (await File.ReadAllTextAsync(SpecFile(world))).ShouldBe(before);
        ModelCatalog.Verify(world.FolderOf(Name)).ShouldBeEmpty();
        Incoming(world).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_killed_process_left_aside_comes_back_or_goes(bool successorCame)
    {
        await using var world = await StartAsync();
        await world.PullAsync();
        var aside = Path.Join(world.Cache(), "incoming", $"{Name}.0123.old");
        if (successorCame)
            Directory.CreateDirectory(aside);
        else
            Directory.Move(world.FolderOf(Name), aside);

        var again = await world.PullAsync();

        again.Changed.ShouldBeFalse();
        ModelCatalog.Verify(world.FolderOf(Name)).ShouldBeEmpty();
        Incoming(world).ShouldBeEmpty();
    }

    private static string SpecFile(PinningWorld world) => Path.Join(world.FolderOf(Name), "model.yaml");

    private static string[] Incoming(PinningWorld world) => Directory.GetFileSystemEntries(Path.Join(world.Cache(), "incoming"));
}
