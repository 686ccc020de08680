using DriftGuard.Worker.Installation;

namespace DriftGuard.Worker.Tests.Installation;

public sealed class DataFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("driftguard-folder-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_missing_folder_is_created_with_its_parents_and_is_closed_to_strangers()
    {
        var folder = Path.Join(_folder, "a", "b");

        var installation = DriftGuardInstallation.Open(folder);

        Directory.Exists(folder).ShouldBeTrue();
        installation.StateDatabase.ShouldStartWith(folder);
        installation.QdrantDirectory.ShouldStartWith(folder);
        Directory.EnumerateFileSystemEntries(folder).ShouldBeEmpty();
        if (!OperatingSystem.IsWindows())
        {
            (File.GetUnixFileMode(folder) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)).ShouldBe(UnixFileMode.None);
        }
    }

    [Fact]
    public void A_file_in_the_folders_place_is_refused_by_name()
    {
        var file = Path.Join(_folder, "file");
        File.WriteAllText(file, "");

        var refusal = Should.Throw<InstallationException>(() => DriftGuardInstallation.Open(file));

        refusal.Message.ShouldBe($"the data folder {file} is a file; choose another with --data");
    }

    [Fact]
    public void A_folder_below_a_file_is_refused_by_name()
    {
        var file = Path.Join(_folder, "file");
        File.WriteAllText(file, "");

        Should.Throw<InstallationException>(() => DriftGuardInstallation.Open(Path.Join(file, "data"))).Message
            .ShouldContain(Path.Join(file, "data"));
    }

    [Fact]
    public void A_full_disk_is_told_as_such()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "/dev/full is a device of Linux");

        var refusal = Should.Throw<InstallationException>(() => DataFolder.Guard(_folder, () => File.WriteAllText("/dev/full", "text")));

        refusal.Message.ShouldBe($"the data folder {_folder} cannot be used: no space is left on its disk; free some or choose another with --data");
    }

    [Fact]
    public void A_missing_permission_names_the_user()
    {
        var refusal = Should.Throw<InstallationException>(
            () => DataFolder.Guard(_folder, () => throw new UnauthorizedAccessException("Access to the path is denied.")));

        refusal.Message.ShouldContain($"user '{Environment.UserName}'");
        refusal.Message.ShouldContain(_folder);
    }
}
