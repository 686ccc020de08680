namespace DriftGuard.Cli.Shell.Progress;

/// <summary>Shows work that tells of its pieces by their names.</summary>
internal static class ProgressPieces
{
    /// <summary>A bar for each piece of work; told of the piece, the units done, and of how many.</summary>
    public static Action<string, long, long> Told(this IProgressReporter progress)
    {
        var tasks = new Dictionary<string, IProgressTask>(StringComparer.Ordinal);
        return (work, done, total) =>
        {
            if (!tasks.TryGetValue(work, out var task))
            {
                tasks.Add(work, task = progress.Task(work, total));
            }

            task.Report(done);
        };
    }
}
