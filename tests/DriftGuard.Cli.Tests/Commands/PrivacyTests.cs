using System.Diagnostics;
using DriftGuard.Testing.Processes;

namespace DriftGuard.Cli.Tests.Commands;

/// <summary>What a process tells nobody.</summary>
public sealed class PrivacyTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("driftguard-privacy-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_runtime_of_models_keeps_no_identity_of_the_machine_and_no_record_to_be_sent()
    {
        var home = Directory.CreateDirectory(Path.Join(folder, "home")).FullName;
        var start = DriftGuardProcess.ShortLived(folder, "model", "verify", "static-wordpiece-128", "--data", Path.Join(folder, "data"));
        (start.Environment["HOME"], start.Environment["XDG_CACHE_HOME"]) = (home, Path.Join(home, ".cache"));
        start.Environment.Remove("ORT_DISABLE_TELEMETRY"); // as this process has set it too

        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        process.ExitCode.ShouldBe(0, said);
        Directory.EnumerateFileSystemEntries(home, "*", SearchOption.AllDirectories).Where(path => path.Contains("onnx", StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
    }
}
