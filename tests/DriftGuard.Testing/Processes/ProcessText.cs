using System.Diagnostics;
using System.Text;

namespace DriftGuard.Testing.Processes;

/// <summary>What a process writes to one of its streams, line by line as it comes.</summary>
internal sealed class ProcessText
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(string Word, TaskCompletionSource<string?> Line)> _awaited = [];
    private bool _ended;

    /// <summary>Everything, once the stream has ended.</summary>
    public async Task<string> WholeAsync()
    {
        await _end.Task;
        return SoFar();
    }

    /// <summary>Everything so far.</summary>
    public string SoFar()
    {
        lock (_lock)
            return _text.ToString();
    }

    /// <summary>The first line with a word in it, past or to come; null if the stream ends before.</summary>
    public Task<string?> LineAsync(string word)
    {
        lock (_lock)
        {
            if (_text.ToString().Split('\n').FirstOrDefault(line => line.Contains(word, StringComparison.Ordinal)) is { } there)
                return Task.FromResult<string?>(there);
            if (_ended)
                return Task.FromResult<string?>(null);
            var source = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((word, source));
            return source.Task;
        }
    }

    /// <summary>Takes a line; null is the end.</summary>
    public void Take(object sender, DataReceivedEventArgs received)
    {
        lock (_lock)
        {
            if (received.Data is { } line)
            {
                _text.Append(line).Append('\n');
                foreach (var waiting in _awaited.Where(waiting => line.Contains(waiting.Word, StringComparison.Ordinal)))
                    waiting.Line.TrySetResult(line);
                return;
            }

            _ended = true;
            _awaited.ForEach(waiting => waiting.Line.TrySetResult(null));
        }

        _end.TrySetResult();
    }
}
