using Spectre.Console;
using Spectre.Console.Rendering;

namespace DriftGuard.Cli.Shell.Progress;

/// <summary>Progress on a terminal: a bar for each piece of work, with its rate and the time that is left.</summary>
internal sealed class TerminalProgress : IProgressReporter
{
    private readonly ProgressContext _context;

    private TerminalProgress(ProgressContext context) => _context = context;

    public static Task<T> RunAsync<T>(IAnsiConsole console, Func<IProgressReporter, Task<T>> work) =>
        console.Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RateColumn(),
                new RemainingTimeColumn())
            .StartAsync(context => work(new TerminalProgress(context)));

    public IProgressTask Task(string name, long total, long before = 0) =>
        new TerminalTask(_context.AddTask(Markup.Escape(name), maxValue: Math.Max(1, total - before)), name, before);

    /// <summary>The bar is of what is left to do, so that its rate and end are those of this run.</summary>
    private sealed class TerminalTask(ProgressTask task, string name, long before) : IProgressTask
    {
        public void Report(long done) => task.Value = done - before;

        public void Note(string note) => task.Description = Markup.Escape(note.Length == 0 ? name : $"{name}: {note}");

        public void ChangeTotal(long total) => task.MaxValue = Math.Max(1, total - before);
    }

    private sealed class RateColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(task.Speed is { } rate ? ProgressText.Rate(rate) : "", new Style(Color.Grey));
    }
}
