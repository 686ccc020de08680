using DriftGuard.Cli.Shell;
using DriftGuard.Cli.Shell.Progress;
using DriftGuard.Embedding.Pinning;

namespace DriftGuard.Cli.Commands.Model;

/// <summary>Opens the pinning of models for a command, and shows what it does.</summary>
internal static class PinningSession
{
    /// <summary>Runs a command's work on it.</summary>
    public static Task<T> RunAsync<T>(CommandContext context, Func<ModelPinning, Task<T>> work)
    {
        var options = context.Options.Models.Pinning(context.Environment.Variables);
        return context.WithProgressAsync(async progress =>
        {
            using var pinning = new ModelPinning(options, context.Time, new Observer(context, progress));
            return await work(pinning);
        });
    }

    /// <summary>Writes models that are in place now.</summary>
    public static void Report(CommandContext context, IReadOnlyList<PinnedModel> models)
    {
        var lockFile = context.Options.Models.LockFile;
        context.Report(
            models.Select(model => new PinnedView(
                model.Model.Name, model.Model.Fingerprint.Id, model.Model.Source, model.Model.Revision, model.Model.Files.Sum(file => file.Bytes),
                model.Directory, model.Changed, lockFile)).ToArray(),
            (console, rows) =>
            {
                foreach (var row in rows)
                {
                    console.Say($"{(row.Changed ? "new" : "there"),-6}  {row.Name}  {row.Fingerprint[..8]}  {row.Directory}");
                }
            });
        if (lockFile is not null)
        {
            context.Note($"[grey]locked in {lockFile}[/]");
        }
    }

    private sealed record PinnedView(
        string Name, string Fingerprint, string Source, string Revision, long Bytes, string Directory, bool Changed, string? LockFile);

    private sealed class Observer(CommandContext context, IProgressReporter progress) : IPinningObserver
    {
        private readonly Dictionary<string, IProgressTask> _tasks = new(StringComparer.Ordinal);

        public void Waiting(string cacheDirectory) => context.Note($"[grey]another process changes the cache {cacheDirectory}; waiting for it[/]");

        public void Progressed(PullProgress pulled)
        {
            if (!_tasks.TryGetValue(pulled.Model, out var task))
            {
                _tasks[pulled.Model] = task = progress.Task($"pulling {pulled.Model}, bytes", pulled.Total, pulled.Before);
            }

            task.Report(pulled.Bytes);
        }
    }
}
