using DriftGuard.Cli.Shell;
using DriftGuard.State;
using DriftGuard.Testing.Processes;
using DriftGuard.Worker.Installation;
using Microsoft.Data.Sqlite;

namespace DriftGuard.Cli.Tests.Commands.State;

/// <summary><c>state backup</c>, <c>state verify</c> and <c>state restore</c>.</summary>
public sealed class StateCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("driftguard-state-command-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Data => Path.Join(_folder, "data");

    private string Backup => Path.Join(_folder, "backup.zip");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_backup_is_taken_beside_serve_and_restored_once_that_has_ended()
    {
        await ServedInstallation.RunAsync(Data, options => options, async (_, _, installation) =>
        {
            await installation.State.SaveIndexAsync(new() { Name = "docs", CreatedAt = DateTimeOffset.UnixEpoch }, Cancellation);

            (await Run("state", "backup", Backup)).ShouldSatisfyAllConditions(
                run => run.Code.ShouldBe(ExitCode.Success, run.Error),
                run => run.Out.ShouldContain($"whole {Backup}"));
            await installation.State.SaveIndexAsync(new() { Name = "since", CreatedAt = DateTimeOffset.UnixEpoch }, Cancellation);
            (await Run("state", "restore", Backup, "--replace", "--yes")).ShouldSatisfyAllConditions(
                run => run.Code.ShouldBe(ExitCode.Conflict),
                run => run.Error.ShouldContain("another process"));
        }, Cancellation);
        SqliteConnection.ClearAllPools();

        (await Run("state", "backup", Backup)).ShouldSatisfyAllConditions(run => run.Code.ShouldBe(ExitCode.Conflict), run => run.Error.ShouldContain("--force"));
        (await Run("state", "restore", Backup, "--yes")).ShouldSatisfyAllConditions(run => run.Code.ShouldBe(ExitCode.Conflict), run => run.Error.ShouldContain("--replace"));
        (await Run("state", "restore", Backup, "--replace")).ShouldSatisfyAllConditions(
            run => run.Code.ShouldBe(ExitCode.Inconclusive, run.Error),
            run => run.Out.ShouldContain("nothing was changed"));
        (await IndexesAsync()).ShouldBe(["docs", "since"]);

        var restored = await Run("state", "restore", Backup, "--replace", "--yes", "--by", "ann", "--output", "json");
        restored.Code.ShouldBe(ExitCode.Success, restored.Error);
        restored.Json.GetProperty("missing").EnumerateArray().Select(index => index.GetString()).ShouldBe(["docs"]);
        (await IndexesAsync()).ShouldBe(["docs"]);
        (await Run("state", "verify", restored.Json.GetProperty("kept").GetString()!)).Code.ShouldBe(ExitCode.Success);

        var log = await (await OpenAsync()).AuditAsync(null, Cancellation);
        (log[^1].Event, log[^1].By).ShouldBe(("state_restored", "ann"));
        SqliteConnection.ClearAllPools();
        (await Run("state", "restore", restored.Json.GetProperty("kept").GetString()!, "--replace", "--yes")).Code.ShouldBe(ExitCode.Success);
        (await (await OpenAsync()).AuditAsync(null, Cancellation)).ShouldContain(entry => entry.Event == "state_backed_up");
    }

    [Fact]
    public async Task What_is_no_whole_backup_is_refused_and_where_there_is_no_state_nothing_is_backed_up()
    {
        await File.WriteAllTextAsync(Backup, "not one", Cancellation);

        (await Run("state", "show", Backup)).ShouldSatisfyAllConditions(run => run.Code.ShouldBe(ExitCode.Refused), run => run.Error.ShouldContain("no backup of the state"));
        (await Run("state", "restore", Backup, "--yes")).Code.ShouldBe(ExitCode.Refused);
        (await Run("state", "verify", Path.Join(_folder, "none.zip"))).Code.ShouldBe(ExitCode.NotFound);
        (await Run("state", "backup", Path.Join(_folder, "new.zip"))).ShouldSatisfyAllConditions(run => run.Code.ShouldBe(ExitCode.NotFound), run => run.Error.ShouldContain(Data));
        DriftGuardInstallation.Exists(Data).ShouldBeFalse();
    }

    [Fact]
    public async Task A_restore_that_is_killed_in_the_middle_leaves_the_state_as_it_was()
    {
        DriftGuardInstallation.Open(Data);
        await (await OpenAsync()).SaveIndexAsync(new() { Name = "docs", CreatedAt = DateTimeOffset.UnixEpoch }, Cancellation);
        await FillAsync();
        SqliteConnection.ClearAllPools();
        (await Run("state", "backup", Backup)).Code.ShouldBe(ExitCode.Success);
        await (await OpenAsync()).SaveIndexAsync(new() { Name = "since", CreatedAt = DateTimeOffset.UnixEpoch }, Cancellation);
        SqliteConnection.ClearAllPools();

        // What was in the file is in the journal while rows are exchanged: there the process is killed.
        using (var restoring = DriftGuardProcess.Start(_folder, "state", "restore", Backup, "--replace", "--yes"))
        {
            var journal = new FileInfo(Path.Join(Data, "state.db-journal"));
            while (!(journal.Exists && journal.Length > 1 << 20))
            {
                restoring.HasEnded.ShouldBeFalse(restoring.SaidSoFar);
                await Task.Delay(5, Cancellation);
                journal.Refresh();
            }

            (await restoring.KillAfterAsync(TimeSpan.Zero)).ShouldBeTrue();
        }

        (await IndexesAsync()).ShouldBe(["docs", "since"]);
        (await (await OpenAsync()).CountDirtyAsync("docs", Cancellation)).ShouldBe(Marks);
        SqliteConnection.ClearAllPools();
        (await DriftGuardProcess.RunAsync(_folder, "state", "restore", Backup, "--replace", "--yes")).ShouldSatisfyAllConditions(run => run.Code.ShouldBe(0, run.Error));
        (await IndexesAsync()).ShouldBe(["docs"]);
        (await (await OpenAsync()).CountDirtyAsync("docs", Cancellation)).ShouldBe(Marks);
    }

    private const int Marks = 300_000;

    private Task<CommandLineRun> Run(params string[] arguments) => CommandLineRun.Of([.. arguments, "--data", Data], Cancellation);

    private Task<StateStore> OpenAsync() => StateStore.OpenAsync(Path.Join(Data, "state.db"), TimeProvider.System, Cancellation);

    /// <summary>Read by a process that has ended when this returns, as far as the file is concerned.</summary>
    private async Task<IReadOnlyList<string>> IndexesAsync()
    {
        var indexes = await (await OpenAsync()).ListIndexesAsync(Cancellation);
        SqliteConnection.ClearAllPools();
        return [.. indexes.Select(index => index.Name)];
    }

    private async Task FillAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Join(Data, "state.db")}");
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $marks)
            INSERT INTO "DirtyIds" ("Index", "PointId", "Sequence") SELECT 'docs', i, i FROM n
            """;
        command.Parameters.AddWithValue("$marks", Marks);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
