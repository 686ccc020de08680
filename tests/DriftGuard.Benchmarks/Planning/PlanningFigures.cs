using DriftGuard.Benchmarks.Reporting;
using DriftGuard.Embedding.Benchmarking;

namespace DriftGuard.Benchmarks.Planning;

/// <summary>What very many partitions take.</summary>
/// <param name="Planned">Reading every id, cutting, and writing the rows.</param>
/// <param name="Done">Partitions that were copied.</param>
/// <param name="Copying">Until the last of these.</param>
/// <param name="LongestGap">The longest time in which no partition began to be embedded, in all of the process.</param>
/// <param name="Bytes">Size of the database afterwards, all of it.</param>
/// <param name="RowsWritten">Rows inserted, changed and deleted while copying, as the database counts them; 0 where it does not.</param>
/// <param name="Transactions">Transactions meanwhile, as the database counts them; 0 where it does not.</param>
/// <param name="HeapGrowth">What a full collection finds more of after the copying than before it.</param>
/// <param name="PeakHeap">The most that the managed heap held meanwhile, garbage included.</param>
/// <param name="Pass">The comparison of both sides that followed, with a proof for each partition; null where the copying did not end in time.</param>
/// <param name="Totals">Milliseconds of adding up all partitions, as every look does.</param>
/// <param name="Next">Milliseconds of finding those that are started next.</param>
/// <param name="All">Milliseconds of reading every row, as every look did before.</param>
internal sealed record PlanningFigures(
    TimeSpan Planned, int Done, TimeSpan Copying, TimeSpan LongestGap, long Bytes, long RowsWritten, long Transactions, long HeapGrowth, long PeakHeap, TimeSpan? Pass,
    MinMedianMax Totals, MinMedianMax Next, MinMedianMax All)
{
    private const double Megabyte = 1e6;

    /// <summary>Adds a row a figure, with a column a way of running.</summary>
    public static void Add(Table table, PlanningFigures one, PlanningFigures? other)
    {
        Row("plan and persist, s", f => Table.Text(f.Planned.TotalSeconds, "F1"));
        Row("partitions copied", f => Table.Text(f.Done, "N0"));
        Row("partitions/s", f => Table.Text(f.Done / f.Copying.TotalSeconds, "N0"));
        Row("longest wait between two, s", f => Table.Text(f.LongestGap.TotalSeconds, "F2"));
        Row("rows written a partition", f => f.RowsWritten == 0 ? "" : Table.Text(f.RowsWritten / (double)f.Done, "F1"));
        Row("transactions a partition", f => f.Transactions == 0 ? "" : Table.Text(f.Transactions / (double)f.Done, "F1"));
        Row("database, MB", f => Table.Text(f.Bytes / Megabyte, "F1"));
        Row("heap after, against before, MB", f => Table.Text(f.HeapGrowth / Megabyte, "F1"));
        Row("peak managed heap, MB", f => Table.Text(f.PeakHeap / Megabyte, "F0"));
        Row("a pass with proofs, s", f => f.Pass is { } pass ? Table.Text(pass.TotalSeconds, "F1") : "");
        Row("adding all up, ms", f => Table.Text(f.Totals.Median, "F1"));
        Row("finding the next, ms", f => Table.Text(f.Next.Median, "F1"));
        Row("reading every row, ms", f => Table.Text(f.All.Median, "F1"));

        void Row(string name, Func<PlanningFigures, string> text) => table.Add(name, text(one), other is null ? "" : text(other));
    }
}
