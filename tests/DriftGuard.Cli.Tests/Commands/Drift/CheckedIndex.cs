using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace DriftGuard.Cli.Tests.Commands.Drift;

/// <summary>
/// An installation whose index "docs" holds the paragraphs of a calibration set under the small model that comes along, and was checked once.
/// It is made once; each test gets a copy of its folder and damages that.
/// </summary>
internal sealed class CheckedIndex : IDisposable
{
    public const string Index = "docs";
    public const string Model = "static-wordpiece-128";
    public const string Set = "xquad-en";

    private static readonly Lazy<Task<string>> Template = new(PrepareAsync);

    private CheckedIndex(string folder) => Folder = folder;

    /// <summary>A folder for files of the test; the data folder is in it.</summary>
    public string Folder { get; }

    public static string SetFolder => Path.Join(AppContext.BaseDirectory, "calibration-sets", Set);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<CheckedIndex> CopyAsync()
    {
        var template = await Template.Value;
        var copy = new CheckedIndex(Directory.CreateTempSubdirectory("driftguard-cli-drift-").FullName);
        foreach (var file in Directory.EnumerateFiles(template, "*", SearchOption.AllDirectories))
        {
            var target = Path.Join(copy.Folder, Path.GetRelativePath(template, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }

    public Task<CommandLineRun> RunAsync(params string[] arguments) => CommandLineRun.Of([.. arguments, "--data", Path.Join(Folder, "data")], Cancellation);

    /// <summary>Something else than DriftGuard's commands works on the installation.</summary>
    public async Task DamageAsync(Func<Engine, Task> damage)
    {
        var options = new DriftGuardOptions { DataDirectory = Path.Join(Folder, "data") };
        await using var engine = await Engine.StartAsync(options, "test", TimeProvider.System, NullLoggerFactory.Instance, Cancellation);
        await damage(engine);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task<string> PrepareAsync()
    {
        var made = new CheckedIndex(Directory.CreateTempSubdirectory("driftguard-cli-drift-template-").FullName);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(made.Folder, recursive: true);
        (await made.RunAsync("index", "create", Index, "--model", Model, "--calibration-set", Set)).Code.ShouldBe(ExitCode.Success);
        (await made.RunAsync("index", "load", Index, Path.Join(SetFolder, "corpus.jsonl"))).Code.ShouldBe(ExitCode.Success);
        var first = await made.RunAsync("drift", "check", Index);
        first.Code.ShouldBe(ExitCode.Success, first.Out + first.Error);
        SqliteConnection.ClearAllPools();
        return made.Folder;
    }
}
