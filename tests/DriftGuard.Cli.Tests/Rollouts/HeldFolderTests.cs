using DriftGuard.Cli.Shell;
using DriftGuard.Core.Rollouts;
using DriftGuard.State;
using DriftGuard.Worker.Installation;
using Microsoft.Extensions.Logging.Abstractions;

namespace DriftGuard.Cli.Tests.Rollouts;

/// <summary>What a command about a rollout does while another process holds the data folder.</summary>
public sealed class HeldFolderTests : IDisposable
{
    private const string Rollout = "docs-r1";
    private readonly string folder = Directory.CreateTempSubdirectory("driftguard-held-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Data => Path.Join(folder, "data");

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_holder_that_runs_no_rollouts_and_stays_is_a_conflict_that_names_it()
    {
        await RecordRolloutAsync();
        await using var holder = await HoldAsync("qdrant");

        var run = await CommandLineRun.Of(["rollout", "abort", Rollout, "--data", Data], Cancellation);

        run.Code.ShouldBe(ExitCode.Conflict, run.Error);
        run.Error.ShouldContain($"pid {Environment.ProcessId}, qdrant since");
        run.Error.ShouldContain($"driftguard rollout resume {Rollout}");
    }

    [Theory]
    [InlineData("serve", "watching")]
    [InlineData("index load", "waiting")]
    public async Task A_command_goes_on_itself_once_the_holder_is_gone(string role, string said)
    {
        await RecordRolloutAsync();
        var holder = await HoldAsync(role);
        using var error = new AwaitedWriter(said);
        var run = CommandLineApplication.RunAsync(["rollout", "abort", Rollout, "--data", Data], new ShellEnvironment
        {
            Out = TextWriter.Null,
            Error = error,
            Variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = "/nowhere" },
            Stopping = Cancellation,
        });
        await error.Said.WaitAsync(Cancellation);

        await holder.DisposeAsync();

        (await run).ShouldBe(ExitCode.Success, error.ToString());
        var state = await StateAsync();
        (await state.FindRolloutAsync(Rollout, Cancellation))!.Phase.ShouldBe(RolloutPhase.Aborted);
    }

    private Task<QdrantEndpoint> HoldAsync(string role) =>
        QdrantEndpoint.OpenExclusiveAsync(new() { DataDirectory = Data }, role, TimeProvider.System, NullLoggerFactory.Instance, Cancellation);

    private Task<StateStore> StateAsync() => StateStore.OpenAsync(Path.Join(Data, "state.db"), TimeProvider.System, Cancellation);

    private async Task RecordRolloutAsync()
    {
        (await Run("index", "create", "docs", "--model", "static-wordpiece-128", "--calibration-set", "xquad-en")).Code.ShouldBe(ExitCode.Success);
        var index = (await Run("index", "show", "docs", "--output", "json")).Json;
        var state = await StateAsync();
        await state.AddRolloutAsync("docs", id => new()
        {
            Id = id,
            Index = "docs",
            FromModel = "old",
            FromFingerprint = "old",
            ToModel = "new",
            ToFingerprint = "new",
            Blue = index.GetProperty("collection").GetString()!,
            Green = "docs-green",
            CalibrationSet = "xquad-en",
            CreatedAt = DateTimeOffset.UtcNow,
            ExpectedToken = new("docs", 1, "n"),
        }, Cancellation);
    }

    private Task<CommandLineRun> Run(params string[] arguments) => CommandLineRun.Of([.. arguments, "--data", Data], Cancellation);

    /// <summary>Says when a word was written.</summary>
    private sealed class AwaitedWriter(string word) : StringWriter
    {
        private readonly TaskCompletionSource said = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Said => said.Task;

        public override void Write(string? value)
        {
            base.Write(value);
            Look();
        }

        public override void Write(char[] buffer, int index, int count)
        {
            base.Write(buffer, index, count);
            Look();
        }

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            Look();
        }

        private void Look()
        {
            if (GetStringBuilder().ToString().Contains(word, StringComparison.Ordinal))
            {
                said.TrySetResult();
            }
        }
    }
}
