using Microsoft.ML.OnnxRuntime;

namespace DriftGuard.Embedding.Tuning;

/// <summary>
/// Sees that a model finds its settings by itself, once: before the first bulk work that is worth a trial. Thread-safe; calls that come
/// meanwhile with many texts wait for the trial, those with few do not.
/// </summary>
internal sealed class SelfTuning : IDisposable
{
    private readonly TuningChoice _choice;
    private readonly EmbeddingModelOptions _options;
    private readonly SettingsTrial _trial;
    private readonly Lock _lock = new();
    private volatile InferenceTuning _current;
    private Task? _measuring;
    private long _bulkTexts;

    /// <param name="choice">What the model was started with, and what there is to try.</param>
    /// <param name="options">Say where the result is kept and who is told.</param>
    /// <param name="trial">The trial.</param>
    public SelfTuning(TuningChoice choice, EmbeddingModelOptions options, SettingsTrial trial)
    {
        (_choice, _options, _trial, _current) = (choice, options, trial, choice.Start);
        if (_current.Origin != TuningOrigin.Preset)
            options.Tuned?.Invoke(_current);
    }

    /// <summary>The settings in use.</summary>
    public InferenceTuning Current => _current;

    /// <summary>Counts texts of a bulk call, and waits for the trial where it is due.</summary>
    public Task BeforeBulkAsync(int texts, CancellationToken cancellationToken) =>
        _current.Origin == TuningOrigin.Preset && Interlocked.Add(ref _bulkTexts, texts) >= EmbeddingModelOptions.TextsThatPayForATrial
            ? Measuring(again: false).WaitAsync(cancellationToken)
            : Task.CompletedTask;

    /// <summary>Measures, whatever is known.</summary>
    public Task MeasureAsync(CancellationToken cancellationToken) =>
        _choice.Candidates.IsChoice ? Measuring(again: true).WaitAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Waits for a trial under way, which ends once the workers are gone.</summary>
    public void Dispose()
    {
        Task? measuring;
        lock (_lock)
            measuring = _measuring;
        measuring?.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait();
    }

    private Task Measuring(bool again)
    {
        lock (_lock)
        {
            if (_measuring is null || (again && _measuring.IsCompleted))
                _measuring = Task.Run(RunAsync);
            return _measuring;
        }
    }

    private async Task RunAsync()
    {
        InferenceTuning found;
        try
        {
            var (best, trials) = await _trial.RunAsync(_choice.Candidates).ConfigureAwait(false);
            found = new(best, TuningOrigin.Measured, trials);
            found = found with { Remark = _choice.File?.Write(found) ?? "" };
        }
        catch (Exception e) when (e is OnnxRuntimeException or InvalidDataException)
        {
            // Such as memory that a second kind of session does not find: what was in use so far works.
            found = _current with { Origin = TuningOrigin.Stated, Remark = $"the trial failed: {e.Message}" };
        }

        _current = found;
        _options.Tuned?.Invoke(found);
    }
}
