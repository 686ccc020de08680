using DriftGuard.Qdrant.Embedded.Storage;

namespace DriftGuard.Qdrant.Embedded.Tests.Durability;

public sealed class DirectoryLockTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("embedded-qdrant-lock-");

    [Fact]
    public void A_folder_whose_holder_cannot_be_written_down_tells_the_real_reason_and_is_free_again()
    {
        var inTheWay = _directory.CreateSubdirectory("server.pid");

        var refusal = Should.Throw<EmbeddedQdrantException>(() => DirectoryLock.Take(_directory.FullName));

        refusal.Message.ShouldNotContain("in use");
        refusal.Message.ShouldContain("server.pid");
        inTheWay.Delete();
        DirectoryLock.Take(_directory.FullName).Dispose();
    }

    [Fact]
    public void A_held_folder_is_in_use_also_where_its_holder_cannot_be_read()
    {
        using var held = DirectoryLock.Take(_directory.FullName);
        File.Delete(Path.Combine(_directory.FullName, "server.pid"));
        _directory.CreateSubdirectory("server.pid");

        var refusal = Should.Throw<EmbeddedQdrantException>(() => DirectoryLock.Take(_directory.FullName));

        refusal.Message.ShouldContain("in use by another process");
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
