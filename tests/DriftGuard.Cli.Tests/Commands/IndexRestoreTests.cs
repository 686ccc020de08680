using DriftGuard.Cli.Shell;
using DriftGuard.Cli.Tests.Commands.Drift;

namespace DriftGuard.Cli.Tests.Commands;

/// <summary>A collection of a snapshot that was kept.</summary>
public sealed class IndexRestoreTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_snapshot_makes_a_collection_and_changes_nothing_else()
    {
        using var index = await CheckedIndex.CopyAsync();
        var file = Path.Join(index.Folder, "docs.snapshot");
        await index.DamageAsync(async engine =>
        {
            var qdrant = engine.Installation.Qdrant;
            var collection = (await qdrant.AliasesAsync(Cancellation)).TargetOf(CheckedIndex.Index)!;
            await using var copy = File.Create(file);
            await qdrant.DownloadSnapshotAsync(collection, (await qdrant.CreateSnapshotAsync(collection, Cancellation)).Name, copy, Cancellation);
        });

        var restored = await index.RunAsync("index", "restore", file, "--collection", "again", "--output", "json");
        var taken = await index.RunAsync("index", "restore", file, "--collection", "again");
        var none = await index.RunAsync("index", "restore", Path.Join(index.Folder, "none"), "--collection", "other");
        await File.WriteAllTextAsync(file, "no snapshot", Cancellation);
        var broken = await index.RunAsync("index", "restore", file, "--collection", "other");

        restored.Code.ShouldBe(ExitCode.Success, restored.Error);
        restored.Json.GetProperty("points").GetInt32().ShouldBe(240);
        (taken.Code, taken.Error.Contains("already", StringComparison.Ordinal)).ShouldBe((ExitCode.Conflict, true), taken.Error);
        (none.Code, none.Error.Contains("there is no file", StringComparison.Ordinal)).ShouldBe((ExitCode.NotFound, true), none.Error);
        broken.Code.ShouldNotBe(ExitCode.Success);
        broken.Error.ShouldContain("no snapshot of the embedded Qdrant");
        await index.DamageAsync(async engine => (await engine.Installation.Qdrant.ListCollectionsAsync(Cancellation)).Count.ShouldBe(2));
    }
}
