using System.Diagnostics;
using DriftGuard.Embedding.Inference;
using DriftGuard.Embedding.Onnx;

namespace DriftGuard.Embedding.Tuning;

/// <summary>
/// Measures settings on a model's own workers, from ids to vectors. Searches that come meanwhile go ahead between two turns. Sessions
/// with other numbers of threads are opened once, and those that were not chosen are freed at the end.
/// </summary>
/// <param name="crew">The workers in use.</param>
/// <param name="runner">Runs batches; what it counts is nobody's.</param>
/// <param name="texts">What is run.</param>
/// <param name="open">Opens a session of so many threads.</param>
internal sealed class SettingsTrial(WorkerCrew crew, BatchRunner runner, TrialTexts texts, Func<int, OnnxSession> open)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(20);

    private readonly int _leastRuns = Environment.ProcessorCount;

    /// <summary>Finds the fastest settings and puts them to use.</summary>
    public async Task<(InferenceSettings Best, IReadOnlyList<TuningTrial> Trials)> RunAsync(SettingsCandidates candidates)
    {
        var others = new List<(int Threads, SessionWorkers Workers)> { (crew.Settings.ThreadsPerSession, crew.Workers) };
        try
        {
            await WarmUpAsync(crew.Workers, candidates.Shapes[0]).ConfigureAwait(false);
            var found = await new SettingsSearch((settings, slice) => MeasureAsync(others, settings, slice)).FindAsync(candidates).ConfigureAwait(false);
            crew.Exchange(Enough(others, found.Best)!, found.Best);
            return found;
        }
        finally
        {
            foreach (var (_, workers) in others.Where(o => o.Workers != crew.Workers))
                workers.Dispose();
        }
    }

    private async Task<TrialSlice> MeasureAsync(List<(int Threads, SessionWorkers Workers)> opened, InferenceSettings settings, TimeSpan slice)
    {
        if (Enough(opened, settings) is not { } workers)
        {
            workers = new([.. Enumerable.Range(0, settings.Sessions).Select(_ => open(settings.ThreadsPerSession))]);
            opened.Add((settings.ThreadsPerSession, workers));
            await WarmUpAsync(workers, settings).ConfigureAwait(false);
        }

        return await RunAsync(workers, settings, slice).ConfigureAwait(false);
    }

    /// <summary>The first run of a session is slow, and so is code that was not run often yet.</summary>
    private async Task WarmUpAsync(SessionWorkers workers, InferenceSettings settings) =>
        await RunAsync(workers, settings with { Sessions = workers.Count }, WarmUp).ConfigureAwait(false);

    private static SessionWorkers? Enough(List<(int Threads, SessionWorkers Workers)> opened, InferenceSettings settings) =>
        opened.Find(o => o.Threads == settings.ThreadsPerSession && o.Workers.Count >= settings.Sessions).Workers;

    private async Task<TrialSlice> RunAsync(SessionWorkers workers, InferenceSettings settings, TimeSpan slice)
    {
        var batches = texts.Batches(settings.TokensPerRun);
        var (next, tokens, start) = (-1, 0L, Stopwatch.GetTimestamp());
        void Work(OnnxSession session)
        {
            // As many runs for few sessions as for many, or a slow model would be measured on other texts.
            for (var i = Interlocked.Increment(ref next); i < _leastRuns || Stopwatch.GetElapsedTime(start) < slice; i = Interlocked.Increment(ref next))
            {
                var batch = batches[i % batches.Count];
                runner.Run(session, batch);
                Interlocked.Add(ref tokens, batch.Sum(t => (long)t.Length));
            }
        }

        await workers.RunAsync([.. Enumerable.Repeat<Action<OnnxSession>>(Work, settings.Sessions)], interactive: false, CancellationToken.None).ConfigureAwait(false);
        return new(tokens / texts.TokensPerText, tokens, Stopwatch.GetElapsedTime(start));
    }
}
