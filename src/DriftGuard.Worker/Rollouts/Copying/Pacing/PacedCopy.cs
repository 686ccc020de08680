using DriftGuard.Core.Embedding;
using DriftGuard.Core.Rollouts.Pacing;
using DriftGuard.Embedding;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Rollouts.Copying.Pacing;

/// <summary>One job's part in the pace of its rollout.</summary>
public sealed class PacedCopy : IDisposable
{
    // English has about four characters a token; what a model really takes is learned from its first answers.
    private const double FirstGuess = .25;

    private readonly CopyPace pace;
    private readonly TimeProvider time;
    private readonly Lock counting = new();
    private double characters = 1;
    private double tokens = FirstGuess;
    private long unrecorded;

    /// <summary>Joins a pace.</summary>
    /// <param name="pace">The pace of the rollout.</param>
    /// <param name="time">The clock.</param>
    public PacedCopy(CopyPace pace, TimeProvider time)
    {
        (this.pace, this.time) = (pace, time);
        pace.Join(this, joins: true);
    }

    /// <summary>The same model, at this pace.</summary>
    public ITextEmbedder Slow(ITextEmbedder model) => new PacedEmbedder(model, this);

    /// <summary>Waits until so many points may be read.</summary>
    public async Task ReadAsync(int points, CancellationToken cancellation)
    {
        while (!pace.MayGoOn(this))
        {
            await Task.Delay(CopyPace.LookAgain, time, cancellation);
        }

        await pace.Points.WaitAsync(points, cancellation);
    }

    /// <summary>Does a write, and says how long it took.</summary>
    public async Task<TimeSpan> WriteAsync(Func<Task> write, int points, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        try
        {
            await write();
        }
        finally
        {
            // A write that failed took its time, too; one that was told to stop says nothing.
            if (!cancellation.IsCancellationRequested)
            {
                pace.Took(PaceSignal.Writes, time.GetElapsedTime(began), points);
            }
        }

        return time.GetElapsedTime(began);
    }

    /// <summary>Says that tokens are on record.</summary>
    public void Recorded(long recorded)
    {
        Interlocked.Add(ref unrecorded, -recorded);
        pace.Recorded(recorded);
    }

    /// <summary>Rests after work, as long as the pace asks for.</summary>
    public Task RestAsync(TimeSpan work, CancellationToken cancellation) => pace.RestAsync(work, cancellation);

    /// <summary>What was embedded and is not on record will be embedded again.</summary>
    public void Dispose()
    {
        pace.Join(this, joins: false);
        pace.Embedded(-Interlocked.Exchange(ref unrecorded, 0));
    }

    private async Task<IReadOnlyList<EmbeddingOutcome>> EmbedAsync(ITextEmbedder model, IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellation)
    {
        while (pace.IsSpent)
        {
            await Task.Delay(CopyPace.LookAgain, time, cancellation);
        }

        var remote = model.Spec.Provider != ModelSpec.OnnxProvider;
        var (length, expected) = Expected(texts);
        if (remote)
        {
            await pace.CallAsync(model, cancellation);
        }

        await pace.Tokens.WaitAsync(expected, cancellation);
        var began = time.GetTimestamp();
        IReadOnlyList<EmbeddingOutcome> outcomes;
        try
        {
            outcomes = await model.EmbedAsync(texts, kind, cancellation);
        }
        finally
        {
            if (remote && model.Requests is null && !cancellation.IsCancellationRequested)
            {
                pace.Took(PaceSignal.Calls, time.GetElapsedTime(began), texts.Count);
            }
        }

        var took = time.GetElapsedTime(began);
        Count(outcomes, length, expected);
        await pace.RestAsync(took, cancellation);
        return outcomes;
    }

    private (double Characters, double Tokens) Expected(IReadOnlyList<string> texts)
    {
        double length = texts.Sum(text => (long)text.Length);
        lock (counting)
        {
            return (length, length * tokens / characters);
        }
    }

    private void Count(IReadOnlyList<EmbeddingOutcome> outcomes, double length, double expected)
    {
        var actual = outcomes.Sum(outcome => (long)outcome.Tokens);
        lock (counting)
        {
            (characters, tokens) = (characters + length, tokens + actual);
        }

        pace.Tokens.Take(actual - expected);
        pace.Embedded(actual);
        Interlocked.Add(ref unrecorded, actual);
    }

    private sealed class PacedEmbedder(ITextEmbedder model, PacedCopy copy) : DelegatingEmbedder(model)
    {
        public override async ValueTask<IReadOnlyList<EmbeddingOutcome>> EmbedAsync(IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellation) =>
            await copy.EmbedAsync(Model, texts, kind, cancellation);
    }
}
