using System.Globalization;
using DriftGuard.Benchmarks.Processes;
using DriftGuard.Qdrant;
using DriftGuard.State;

namespace DriftGuard.Benchmarks.Workers;

/// <summary>A worker as a process of its own, which looks after whatever rollouts are in its state until its input ends or it is killed.</summary>
internal static class WorkerRole
{
    public const string Name = "role-worker";
    private const string FilePrefix = "file:";

    /// <summary>Starts the process; its line says that it works.</summary>
    /// <param name="qdrant">Where Qdrant is.</param>
    /// <param name="state">A file of SQLite, or a connection string of PostgreSQL.</param>
    /// <param name="batchTime">What a batch takes to embed; one at a time.</param>
    public static ChildProcess Start(Uri qdrant, (string Text, bool IsFile) state, TimeSpan batchTime) => ChildProcess.Start(
        Name, qdrant.ToString(), (state.IsFile ? FilePrefix : "") + state.Text, batchTime.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));

    /// <summary>Runs it.</summary>
    public static async Task RunAsync(Uri address, string state, string batchMilliseconds)
    {
        var database = state.StartsWith(FilePrefix, StringComparison.Ordinal) ? StateDatabase.Sqlite(state[FilePrefix.Length..]) : StateDatabase.Postgres(state);
        using var qdrant = new QdrantStore(new() { Address = address });
        using var model = new SlowEmbedder(TimeSpan.FromMilliseconds(double.Parse(batchMilliseconds, CultureInfo.InvariantCulture)));
        var store = await StateStore.OpenAsync(database, TimeProvider.System, default);
        await using var worker = await BenchmarkWorker.StartAsync(qdrant, store, model, SeededRollout.ConcurrentPartitions, supervises: true);
        await Console.Out.WriteLineAsync("works");
        await Console.In.ReadToEndAsync();
    }
}
