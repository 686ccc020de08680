using DriftGuard.Worker.Installation;
using Microsoft.Extensions.Logging.Abstractions;

namespace DriftGuard.Worker.Tests.Installation;

/// <summary>What a process does that must be the only one on a data folder.</summary>
public sealed class ExclusiveEndpointTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("driftguard-exclusive-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task It_waits_for_a_short_command_to_end()
    {
        var command = DriftGuardInstallation.Open(folder).Acquire("rollout status", TimeProvider.System);
        var opening = OpenAsync(TimeProvider.System);
        opening.IsCompleted.ShouldBeFalse();

        command.Dispose();

        await using var endpoint = await opening;
        endpoint.HoldsDataFolder.ShouldBeTrue();
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("qdrant")]
    public async Task It_does_not_wait_for_a_process_that_stays(string role)
    {
        using var lease = DriftGuardInstallation.Open(folder).Acquire(role, TimeProvider.System);

        // A clock that never moves would make it wait for ever.
        (await Should.ThrowAsync<InstallationInUseException>(() => OpenAsync(new StandingTime()))).Holder!.Role.ShouldBe(role);
    }

    [Fact]
    public async Task It_does_not_take_what_a_killed_one_left_for_who_has_just_taken_the_folder()
    {
        var installation = DriftGuardInstallation.Open(folder);
        var file = Path.Join(folder, DriftGuardInstallation.HolderFileName);
        string ofTheKilledOne;
        using (installation.Acquire("serve", TimeProvider.System))
            ofTheKilledOne = await File.ReadAllTextAsync(file, Cancellation);
        var command = installation.Acquire("rollout start", TimeProvider.System);
        var ofTheCommand = await File.ReadAllTextAsync(file, Cancellation);
        await File.WriteAllTextAsync(file, ofTheKilledOne, Cancellation);

        var opening = OpenAsync(TimeProvider.System); // it has looked once when it comes back
        await File.WriteAllTextAsync(file, ofTheCommand, Cancellation);
        opening.IsCompleted.ShouldBeFalse();
        command.Dispose();

        await using var endpoint = await opening;
        endpoint.HoldsDataFolder.ShouldBeTrue();
    }

    [Fact]
    public async Task It_refuses_after_a_while_where_a_command_does_not_end()
    {
        using var lease = DriftGuardInstallation.Open(folder).Acquire("index load", TimeProvider.System);

        (await Should.ThrowAsync<InstallationInUseException>(() => OpenAsync(new HurryingTime()))).Holder!.Role.ShouldBe("index load");
    }

    private Task<QdrantEndpoint> OpenAsync(TimeProvider time) => QdrantEndpoint.OpenExclusiveAsync(
        new() { DataDirectory = folder, Qdrant = new() { Address = "http://127.0.0.1:1" } }, "serve", time, NullLoggerFactory.Instance, Cancellation);

    private sealed class StandingTime : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }

    /// <summary>Between two looks at it an hour has gone by.</summary>
    private sealed class HurryingTime : TimeProvider
    {
        private long now;

        public override long GetTimestamp() => now += TimestampFrequency * 3_600;
    }
}
