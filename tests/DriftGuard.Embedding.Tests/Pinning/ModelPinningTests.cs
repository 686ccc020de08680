using DriftGuard.Embedding.Pinning;
using static DriftGuard.Embedding.Tests.Pinning.PinningWorld;

namespace DriftGuard.Embedding.Tests.Pinning;

public sealed class ModelPinningTests
{
    private const string NextCommit = "89abcdef0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task A_pulled_model_opens_and_is_locked_down_to_its_bytes()
    {
        await using var world = await StartAsync();

        var pulled = await world.PullAsync();

        pulled.Changed.ShouldBeTrue();
        using var model = EmbeddingModel.Open(world.FolderOf(Name), new() { Sessions = 1 });
        var locked = world.Locked()!;
        locked.Fingerprint.ShouldBe(model.Fingerprint);
        locked.Revision.ShouldBe(Hub.HubWorld.Commit);
        locked.Source.ShouldBe($"hub:{Hub.HubWorld.Repository}");
        locked.Files.Select(file => (file.Role, file.Path, file.Bytes)).ShouldBe(
            [("graph", Hub.HubWorld.Graph, Hub.HubWorld.GraphBytes.Length), ("vocabulary", Hub.HubWorld.Vocabulary, Hub.HubWorld.VocabularyBytes.Length)]);
        model.Spec.QueryPrefix.ShouldBe("query: ");
    }

    [Fact]
    public async Task The_files_of_a_folder_are_those_of_the_cache_and_cannot_be_written_by_mistake()
    {
        await using var world = await StartAsync();
        await world.PullAsync();

        var file = Path.Join(world.FolderOf(Name), Hub.HubWorld.Graph);

        world.Blobs().ShouldContain(TinyModel.Digest(await File.ReadAllBytesAsync(file)));
        if (!OperatingSystem.IsWindows())
            (File.GetUnixFileMode(file) & (UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)).ShouldBe(UnixFileMode.None);
    }

    [Fact]
    public async Task What_is_there_is_not_asked_for_again()
    {
        await using var world = await StartAsync();
        await world.PullAsync();
        var (calls, text) = (world.Hub.Hub.Calls.Count, await File.ReadAllTextAsync(world.LockFile));

        var again = await world.PullAsync();

        again.Changed.ShouldBeFalse();
        world.Hub.Hub.Calls.Count.ShouldBe(calls);
        (await File.ReadAllTextAsync(world.LockFile)).ShouldBe(text);
    }

    [Fact]
    public async Task The_lock_file_alone_makes_the_same_models_on_another_machine()
    {
        await using var world = await StartAsync();
        var first = await world.PullAsync();
        // The catalogue of another version says something else.
        using var other = world.Open("b", entries: Entry("something-else"));

        var models = await other.PullLockedAsync(default);

        models.ShouldHaveSingleItem().Model.Fingerprint.ShouldBe(first.Model.Fingerprint);
        File.ReadAllText(Path.Join(world.FolderOf(Name, "b"), "model.yaml")).ShouldBe(File.ReadAllText(Path.Join(world.FolderOf(Name), "model.yaml")));
    }

    [Fact]
    public async Task A_hub_that_gives_other_bytes_for_what_is_locked_is_refused_before_they_are_downloaded()
    {
        await using var world = await StartAsync();
        await world.PullAsync();
        world.Hub.Hub.Add(Hub.HubWorld.Repository, Hub.HubWorld.Commit, Hub.HubWorld.Graph, new byte[Hub.HubWorld.GraphBytes.Length], large: true);
        var bodies = world.Hub.Bodies.Count();

        var error = await Should.ThrowAsync<PinningException>(() => world.PullAsync("b"));

        error.Failure.ShouldBe(PinningFailure.Refused);
        error.Message.ShouldContain($"expected SHA-256 {TinyModel.Digest(Hub.HubWorld.GraphBytes)}, found {TinyModel.Digest(new byte[Hub.HubWorld.GraphBytes.Length])}");
        world.Hub.Bodies.Count().ShouldBe(bodies);
        Directory.Exists(world.FolderOf(Name, "b")).ShouldBeFalse();
    }

    [Fact]
    public async Task Another_revision_needs_to_be_told_to_replace_and_update_goes_where_the_catalogue_is()
    {
        await using var world = await StartAsync();
        await world.PullAsync();
        world.Hub.Hub.Add(Hub.HubWorld.Repository, NextCommit, Hub.HubWorld.Graph, Hub.HubWorld.GraphBytes, large: true);
        world.Hub.Hub.Add(Hub.HubWorld.Repository, NextCommit, Hub.HubWorld.Vocabulary, Hub.HubWorld.VocabularyBytes, large: false);

        var error = await Should.ThrowAsync<PinningException>(() => world.PullAsync(request: new() { Revision = "main" }));
        var replaced = await world.PullAsync(request: new() { Revision = "main", Replace = true });
        var back = await world.PullAsync(request: new() { Update = true });

        error.Failure.ShouldBe(PinningFailure.Conflict);
        error.Message.ShouldContain("--replace");
        replaced.Model.Revision.ShouldBe(NextCommit);
        back.Model.Revision.ShouldBe(Hub.HubWorld.Commit);
        world.Locked()!.Fingerprint.ShouldBe(back.Model.Fingerprint);
    }

    [Fact]
    public async Task A_model_is_not_put_before_the_eyes_of_another_of_its_name_elsewhere()
    {
        await using var world = await StartAsync();
        using var pinning = world.Open(roots: [ShippedModels.Root], entries: Entry(ShippedModels.Static));

        (await Should.ThrowAsync<PinningException>(() => pinning.PullAsync(ShippedModels.Static, new(), default))).Failure.ShouldBe(PinningFailure.Conflict);
    }

    [Fact]
    public async Task A_killed_pull_leaves_nothing_half_and_the_next_goes_on()
    {
        await using var world = await StartAsync();
        var incoming = Directory.CreateDirectory(Path.Join(world.Cache(), "incoming")).FullName;
        var half = Hub.HubWorld.GraphBytes.Length / 2;
        await File.WriteAllBytesAsync(Path.Join(incoming, $"sha256-{TinyModel.Digest(Hub.HubWorld.GraphBytes)}.part"), Hub.HubWorld.GraphBytes[..half]);
        Directory.CreateDirectory(Path.Join(incoming, $"{Name}.0.new", "onnx"));

        await world.PullAsync();

        world.Hub.Bodies.ShouldHaveSingleItem().Range.ShouldBe($"bytes={half}-");
        ModelCatalog.Verify(world.FolderOf(Name)).ShouldBeEmpty();
        Directory.GetFileSystemEntries(incoming).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_damaged_file_is_fetched_again()
    {
        await using var world = await StartAsync();
        await world.PullAsync();
        var file = Path.Join(world.FolderOf(Name), Hub.HubWorld.Graph);
        File.Delete(file);
        await File.WriteAllTextAsync(file, "damaged");

        (await world.PullAsync()).Changed.ShouldBeTrue();

        ModelCatalog.Verify(world.FolderOf(Name)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_pulls_at_once_both_end_well_and_one_of_them_downloads()
    {
        await using var world = await StartAsync();

        var pulled = await Task.WhenAll(Task.Run(() => world.PullAsync()), Task.Run(() => world.PullAsync()));

        pulled.Count(model => model.Changed).ShouldBe(1);
        world.Hub.Bodies.Count().ShouldBe(1);
    }

    [Fact]
    public async Task Files_that_another_model_needs_stay_when_one_is_removed()
    {
        await using var world = await StartAsync();
        string[] entries = [Entry(), Entry("twin")];
        await world.PullAsync(entries: entries);
        await world.PullAsync(name: "twin", entries: entries);
        world.Hub.Bodies.Count().ShouldBe(1);
        using var pinning = world.Open();

        await pinning.RemoveAsync("twin", default);
        var left = world.Blobs();
        await pinning.RemoveAsync(Name, default);

        left.Length.ShouldBe(2);
        world.Blobs().ShouldBeEmpty();
        world.Locked().ShouldBeNull();
        (await Should.ThrowAsync<PinningException>(() => pinning.RemoveAsync(Name, default))).Failure.ShouldBe(PinningFailure.NotFound);
    }

    [Fact]
    public async Task A_disk_without_room_is_said_before_the_download()
    {
        await using var world = await StartAsync();
        using var pinning = world.Open(free: 1_000_000);

        (await Should.ThrowAsync<PinningException>(() => pinning.PullAsync(Name, new(), default))).Message.ShouldContain("1 MB are free there");
        world.Hub.Bodies.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_folder_is_verified_taken_over_and_locked()
    {
        await using var world = await StartAsync();
        using var pinning = world.Open();

        var added = await pinning.AddAsync(ShippedModels.DirectoryOf(ShippedModels.Static), replace: false, default);

        added.Model.Source.ShouldBe($"folder:{ShippedModels.Static}");
        added.Model.Fingerprint.ShouldBe(ModelCatalog.Get(ShippedModels.Static, [ShippedModels.Root]).Fingerprint!.Value);
        ModelCatalog.Verify(world.FolderOf(ShippedModels.Static)).ShouldBeEmpty();
        world.Hub.Hub.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_lock_file_that_was_edited_is_refused()
    {
        await using var world = await StartAsync();
        await world.PullAsync();
        await File.WriteAllTextAsync(world.LockFile, (await File.ReadAllTextAsync(world.LockFile)).Replace("\"query: \"", "\"passage: \"", StringComparison.Ordinal));

        (await Should.ThrowAsync<PinningException>(() => world.PullAsync("b"))).Message.ShouldContain("its entry there was edited");
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_not_found_and_the_nearest_is_named()
    {
        await using var world = await StartAsync();

        (await Should.ThrowAsync<PinningException>(() => world.PullAsync(name: "static-hib"))).Message.ShouldContain($"Did you mean '{Name}'?");
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/etc/x")]
    [InlineData("a\\b")]
    [InlineData("a//b")]
    [InlineData("c:x")]
    [InlineData("a/./b")]
    [InlineData("model.yaml")]
    [InlineData("NUL")]
    public void A_path_that_could_leave_the_folder_is_refused(string path) => Should.Throw<PinningException>(() => ModelFileNames.CheckPath(path));
}
