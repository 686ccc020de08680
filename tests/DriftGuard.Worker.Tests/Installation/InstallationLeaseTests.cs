using System.Diagnostics;
using DriftGuard.Worker.Installation;

namespace DriftGuard.Worker.Tests.Installation;

public sealed class InstallationLeaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("driftguard-lease-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_folder_has_one_owner_and_the_second_learns_who_it_is()
    {
        using var lease = DriftGuardInstallation.Open(_folder).Acquire("serve", TimeProvider.System);

        DriftGuardInstallation.Open(_folder).TryAcquire("index create", TimeProvider.System, out var second, out var holder).ShouldBeFalse();

        second.ShouldBeNull();
        holder.ShouldBe(lease.Holder);
        holder!.ProcessId.ShouldBe(Environment.ProcessId);
        holder.Role.ShouldBe("serve");
    }

    [Fact]
    public void The_owners_qdrant_address_is_found_by_the_second()
    {
        using var lease = DriftGuardInstallation.Open(_folder).Acquire("serve", TimeProvider.System);
        lease.Publish(new Uri("http://127.0.0.1:43210"));

        DriftGuardInstallation.Open(_folder).TryAcquire("index create", TimeProvider.System, out _, out var holder).ShouldBeFalse();

        holder!.QdrantAddress.ShouldBe(new Uri("http://127.0.0.1:43210"));
    }

    [Fact]
    public void A_refusal_names_the_process_the_role_and_the_folder()
    {
        using var lease = DriftGuardInstallation.Open(_folder).Acquire("serve", TimeProvider.System);

        var refusal = Should.Throw<InstallationInUseException>(
            () => DriftGuardInstallation.Open(_folder).Acquire("serve", TimeProvider.System));

        refusal.Message.ShouldContain($"pid {Environment.ProcessId}, serve since ");
        refusal.Message.ShouldContain(_folder);
        refusal.Message.ShouldContain("--data");
    }

    [Fact]
    public void A_folder_that_was_given_back_can_be_taken_again()
    {
        DriftGuardInstallation.Open(_folder).Acquire("serve", TimeProvider.System).Dispose();

        using var again = DriftGuardInstallation.Open(_folder).Acquire("qdrant", TimeProvider.System);

        again.Holder.Role.ShouldBe("qdrant");
    }

    [Fact]
    public void A_killed_owner_leaves_the_folder_free_whatever_its_file_still_says()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "flock(1) is part of util-linux");
        var lockFile = Path.Join(_folder, "driftguard.lock");
        File.WriteAllText(Path.Join(_folder, "driftguard.lock.json"), """{"processId":1,"machine":"m","role":"serve","since":"2026-01-01T00:00:00+00:00"}""");
        // Another process that holds the same kind of lock and does nothing else.
        using var owner = Process.Start(new ProcessStartInfo("flock", ["--exclusive", "--no-fork", lockFile, "sh", "-c", "echo held; exec sleep 600"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        owner.StandardOutput.ReadLine().ShouldBe("held");
        var installation = DriftGuardInstallation.Open(_folder);
        installation.TryAcquire("serve", TimeProvider.System, out _, out var holder).ShouldBeFalse();
        holder!.ProcessId.ShouldBe(1);

        owner.Kill();
        owner.WaitForExit();

        using var lease = installation.Acquire("serve", TimeProvider.System);
        lease.Holder.ProcessId.ShouldBe(Environment.ProcessId);
    }

    [Fact]
    public void An_owner_that_has_not_written_itself_down_yet_is_still_an_owner()
    {
        using var lease = DriftGuardInstallation.Open(_folder).Acquire("serve", TimeProvider.System);
        File.WriteAllText(Path.Join(_folder, "driftguard.lock.json"), "{ half");

        var refusal = Should.Throw<InstallationInUseException>(
            () => DriftGuardInstallation.Open(_folder).Acquire("serve", TimeProvider.System));

        refusal.Holder.ShouldBeNull();
        refusal.Message.ShouldContain("another process (unknown)");
    }
}
