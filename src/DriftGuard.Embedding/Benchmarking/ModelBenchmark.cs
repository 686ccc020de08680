using System.Diagnostics;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Inference;
using DriftGuard.Embedding.Tuning;

namespace DriftGuard.Embedding.Benchmarking;

/// <summary>
/// Measures a model on this machine: what the pipeline does from text to vector, as a share of what the same sessions do with batches laid
/// out beforehand, and how long a single query takes.
/// </summary>
public sealed class ModelBenchmark : IDisposable
{
    /// <summary>A pass of less time says little: fast models go through the texts several times in one.</summary>
    private const double LeastSeconds = .3;

    /// <summary>More texts, with repetitions, are not held at a time.</summary>
    private const int MostTexts = 1 << 17;

    private readonly EmbeddingModel _model;
    private readonly EmbeddingPipeline? _pipeline;
    private readonly EmbeddingModelOptions _options;

    private ModelBenchmark(EmbeddingModel model, EmbeddingModelOptions options)
    {
        (_model, _options) = (model, options);
        _pipeline = model.Engine as EmbeddingPipeline;
    }

    /// <summary>The model, e.g. to tune it.</summary>
    public EmbeddingModel Model => _model;

    /// <summary>Opens a model to be measured.</summary>
    /// <exception cref="ModelException">It cannot be used.</exception>
    public static ModelBenchmark Open(string modelDirectory, EmbeddingModelOptions options) => new(EmbeddingModel.Open(modelDirectory, options), options);

    /// <summary>
    /// Embeds texts once to warm up, and then round by round, the pipeline and the raw limit in turns. The raw limit takes the tokens a run
    /// with which it is fastest, whatever the pipeline takes.
    /// </summary>
    /// <param name="texts">The texts; at least one.</param>
    /// <param name="kind">Whether they are searched with or found.</param>
    /// <param name="rounds">Rounds; at least one.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<ModelThroughput> ThroughputAsync(
        IReadOnlyList<string> texts, InputKind kind, int rounds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfZero(texts.Count, nameof(texts));
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        var statistics = _model.Statistics;
        var (textsBefore, tokensBefore, paddingBefore, truncatedBefore) = (statistics.Texts, statistics.Tokens, statistics.PaddingTokens, statistics.TruncatedTexts);
        await _model.EmbedAsync(texts, kind, cancellationToken).ConfigureAwait(false);
        var (count, tokens) = (statistics.Texts - textsBefore, statistics.Tokens - tokensBefore);
        var (padding, truncated) = (statistics.PaddingTokens - paddingBefore, statistics.TruncatedTexts - truncatedBefore);

        // As bulk work is done: vectors are taken and let go, and not a whole corpus of them kept.
        async Task PipelineAsync(IReadOnlyList<string> list)
        {
            await foreach (var _ in _model.EmbedStreamAsync(list.ToAsyncEnumerable(), kind, cancellationToken).ConfigureAwait(false))
            {
            }
        }

        var once = await SecondsAsync(() => PipelineAsync(texts)).ConfigureAwait(false);
        var repeat = (int)Math.Clamp(Math.Ceiling(LeastSeconds / once), 1, Math.Max(1, MostTexts / texts.Count));
        var list = repeat == 1 ? texts : [.. Enumerable.Repeat(texts, repeat).SelectMany(t => t)];

        using var raw = await FastestRawLimitAsync(list, kind, cancellationToken).ConfigureAwait(false);
        var (pipelines, raws) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            if (raw is not null && round % 2 == 0)
                raws.Add(await SecondsAsync(() => raw.RunAsync(cancellationToken)).ConfigureAwait(false));
            pipelines.Add(await SecondsAsync(() => PipelineAsync(list)).ConfigureAwait(false));
            if (raw is not null && round % 2 != 0)
                raws.Add(await SecondsAsync(() => raw.RunAsync(cancellationToken)).ConfigureAwait(false));
        }

        return new(
            texts.Count, texts.Count - (int)count, tokens, truncated, padding / (double)Math.Max(1, padding + tokens), repeat,
            MinMedianMax.Of(pipelines.Select(s => list.Count / s)), tokens * repeat / MinMedianMax.Of(pipelines).Median,
            raw is null ? null : new(
                raw.TokensPerRun, MinMedianMax.Of(raws.Select(s => list.Count / s)), MinMedianMax.Of(raws.Zip(pipelines, (r, p) => r / p))));
    }

    /// <summary>How long single queries take one after the other; the first one, of which nothing is warm if nothing was asked before, is apart.</summary>
    /// <param name="queries">At least one; gone through again where there are fewer than asked for.</param>
    /// <param name="count">How many to measure.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<QueryLatency> LatencyAsync(IReadOnlyList<string> queries, int count, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentOutOfRangeException.ThrowIfZero(queries.Count, nameof(queries));
        var milliseconds = new List<double>(count);
        async Task<double> OneAsync(int i) =>
            1e3 * await SecondsAsync(() => _model.EmbedAsync([queries[i % queries.Count]], InputKind.Query, cancellationToken).AsTask()).ConfigureAwait(false);
        var first = await OneAsync(0).ConfigureAwait(false);
        for (var i = 1; i <= count; i++)
            milliseconds.Add(await OneAsync(i).ConfigureAwait(false));
        milliseconds.Sort();
        double Percentile(double p) => milliseconds.Count == 0 ? first : milliseconds[(int)Math.Ceiling(p * milliseconds.Count) - 1];
        return new(milliseconds.Count, first, Percentile(.5), Percentile(.95), Percentile(.99));
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private async Task<RawLimit?> FastestRawLimitAsync(IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellationToken)
    {
        if (_pipeline is not { Model: var model })
            return null;
        var windows = RawLimit.Tokenise(model, texts, kind, _options.Window);
        var used = model.Crew.Settings.TokensPerRun;
        if (used == 1)
            return new(model, windows, used);
        var (best, least) = (used, double.MaxValue);
        foreach (var tokensPerRun in SettingsCandidates.Ladder.Union([used]))
        {
            using var raw = new RawLimit(model, windows, tokensPerRun);
            await raw.RunAsync(cancellationToken).ConfigureAwait(false);
            for (var turn = 0; turn < 2; turn++)
            {
                var seconds = await SecondsAsync(() => raw.RunAsync(cancellationToken)).ConfigureAwait(false);
                (best, least) = seconds < least ? (tokensPerRun, seconds) : (best, least);
            }
        }

        return new(model, windows, best);
    }

    private static async Task<double> SecondsAsync(Func<Task> action)
    {
        var start = Stopwatch.GetTimestamp();
        await action().ConfigureAwait(false);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
