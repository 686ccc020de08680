using System.Globalization;
using DriftGuard.Core.Text;

namespace DriftGuard.Cli.Shell.Progress;

/// <summary>Progress where nobody watches: a line at every tenth of the work, and at least one in thirty seconds while it goes on.</summary>
internal sealed class PlainProgress(TextWriter writer, TimeProvider time) : IProgressReporter
{
    private readonly Lock _lock = new();

    public IProgressTask Task(string name, long total, long before = 0) => new PlainTask(this, name, total, before);

    private sealed class PlainTask(PlainProgress progress, string name, long total, long before) : IProgressTask
    {
        private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

        private readonly long _started = progress.Now;
        private long _total = total;
        private long _lastLine = progress.Now;
        private long _tenths;
        private long _done;
        private string _note = "";

        public void Report(long done)
        {
            lock (progress._lock)
            {
                _done = done;
                var tenths = _total > 0 ? Math.Min(10, done * 10 / _total) : 0;
                if (tenths > _tenths || progress.Since(_lastLine) >= Silence)
                {
                    _tenths = tenths;
                    _lastLine = progress.Now;
                    progress.Write(ProgressText.Line(name, _done, _total, progress.Since(_started), before, _note));
                }
            }
        }

        public void Note(string note)
        {
            lock (progress._lock)
            {
                _note = note;
            }
        }

        public void ChangeTotal(long total)
        {
            lock (progress._lock)
            {
                _total = total;
            }
        }
    }

    private long Now => time.GetTimestamp();

    private TimeSpan Since(long timestamp) => time.GetElapsedTime(timestamp);

    private void Write(string line) => writer.WriteLine(line);
}

/// <summary>Progress in words.</summary>
internal static class ProgressText
{
    /// <summary>One line, such as <c>embedding: 4,000 of 10,000 (40 %), 231/s, 26s left</c>.</summary>
    public static string Line(string name, long done, long total, TimeSpan elapsed, long before = 0, string note = "")
    {
        var rate = elapsed > TimeSpan.Zero ? (done - before) / elapsed.TotalSeconds : 0;
        var share = total > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({(double)done / total * 100:0} %)") : "";
        var end = done >= total
            ? $", took {Duration(elapsed)}"
            : note.Length > 0 ? $", {note}"
            : rate > 0 ? $", {Duration(TimeSpan.FromSeconds((total - done) / rate))} left" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{name}: {done:N0} of {total:N0}{share}{(rate > 0 ? $", {Rate(rate)}" : "")}{end}");
    }

    /// <summary>Units a second, with as many digits as mean something.</summary>
    public static string Rate(double rate) => string.Create(CultureInfo.InvariantCulture, $"{rate.ToString(rate < 10 ? "0.0" : "N0", CultureInfo.InvariantCulture)}/s");

    private static string Duration(TimeSpan duration) =>
        DurationText.Format(duration < TimeSpan.FromSeconds(1)
            ? TimeSpan.FromMilliseconds(Math.Round(duration.TotalMilliseconds))
            : TimeSpan.FromSeconds(Math.Round(duration.TotalSeconds)));
}
