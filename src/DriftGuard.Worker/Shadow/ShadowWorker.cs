using DriftGuard.Core.Embedding;
using DriftGuard.Core.Retrieval;
using DriftGuard.Core.Rollouts.Shadow;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Gateway.Routing;
using DriftGuard.Worker.Loops;
using DriftGuard.Worker.Models;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Shadow;

/// <summary>
/// Lets green answer the queries that were left for it, one at a time, and writes down how its answers differ from blue's. What fails is
/// counted; of queries nothing is logged, and of failures only their kind, since a message may hold a text.
/// </summary>
internal sealed partial class ShadowWorker(
    DriftGuardOptions options, ShadowTraffic traffic, ShadowLedger ledger, StateStore state, QdrantStore qdrant, ModelPool models, IndexRoutes routes,
    TimeProvider time, ILogger<ShadowWorker> log) : ILoop, IDisposable
{
    // Rollouts are looked at so often, and figures written.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    // What takes longer would hold up all others.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(10);

    // A process that is to end waits so long for its last figures.
    private static readonly TimeSpan LongestLastWrite = TimeSpan.FromSeconds(3);

    // No two processes have it, and no two gateways of one.
    private readonly string _gateway = $"{state.Instance}-{Guid.NewGuid():n}";
    private readonly ShadowOptions _options = options.Gateway.Shadow;
    private readonly SemaphoreSlim _writing = new(1);
    private bool _fails;

    /// <inheritdoc/>
    public string Name => "shadow_traffic";

    /// <summary>Takes notice of the rollouts that are under way.</summary>
    internal async Task FollowAsync(CancellationToken cancellation) => traffic.Follow(await state.UnfinishedRolloutsAsync(cancellation));

    /// <summary>Writes down what was counted; what cannot be written is kept for the next time.</summary>
    internal async Task WriteAsync(CancellationToken cancellation)
    {
        // One after the other: what was counted earlier must not take the place of what was counted later.
        await _writing.WaitAsync(cancellation);
        try
        {
            foreach (var entries in ledger.Take())
            {
                await WriteAsync(entries, cancellation);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writing.Dispose();

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken stopping)
    {
        if (!traffic.IsOn)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, stopping);
        }

        // Where one of the two fails both begin again: without the other each would seem to run.
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task[] work = [TendAsync(both.Token), AnswerAllAsync(both.Token)];
        var first = await Task.WhenAny(work);
        await both.CancelAsync();
        await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    /// <inheritdoc/>
    public async Task EndAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(LongestLastWrite);
        await WriteAsync(limit.Token);
    }

    private async Task WriteAsync(ShadowEntries entries, CancellationToken cancellation)
    {
        try
        {
            if (await state.AddShadowTrafficAsync(entries.RolloutId, _gateway, entries.Minutes, entries.Queries, _options.Keep, cancellation))
            {
                ledger.Written(entries);
            }
            else
            {
                ledger.Forget(entries.RolloutId);
            }
        }
        catch (StateException failure)
        {
            ledger.PutBack(entries);
            LogUnwritten(log, entries.RolloutId, failure.GetType().Name);
        }
        catch (OperationCanceledException)
        {
            ledger.PutBack(entries);
        }
    }

    private async Task TendAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await FollowAsync(cancellation);
            }
            catch (StateException)
            {
                // The figures are kept; until it is back, whoever was known is asked.
            }

            await WriteAsync(cancellation);
            await Task.Delay(LookAgain, time, cancellation);
        }
    }

    private async Task AnswerAllAsync(CancellationToken cancellation)
    {
        await foreach (var search in traffic.Waiting.ReadAllAsync(cancellation))
        {
            try
            {
                await AnswerAsync(search, cancellation);
                _fails = false;
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                ledger.Count(search.Target.RolloutId, figures => figures.Failed++);
                if (!_fails)
                {
                    LogFails(log, search.Target.Green.Collection, search.Target.RolloutId, failure.GetType().Name);
                }

                _fails = true;
            }
        }
    }

    private async Task AnswerAsync(ShadowedSearch search, CancellationToken cancellation)
    {
        var target = search.Target;
        if (traffic.TargetOf(search.Index)?.RolloutId != target.RolloutId)
        {
            ledger.Count(target.RolloutId, figures => figures.Dropped++);
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(LongestAnswer);
        var began = time.GetTimestamp();
        var embedding = models.Get(target.Green.Model, target.Green.Fingerprint).EmbedAsync([search.Text], InputKind.Query, limit.Token).AsTask();
        if ((await embedding.WaitAsync(limit.Token))[0] is not { IsEmbedded: true, Vector: { } vector })
        {
            ledger.Count(target.RolloutId, figures => figures.Failed++);
            return;
        }

        var hits = await qdrant.SearchAsync(target.Green.Collection, search.Query with { Vector = vector }, limit.Token);
        var took = time.GetElapsedTime(began);

        // Of an index that was switched meanwhile, blue's answer is one of the past.
        if ((await routes.CurrentAsync(search.Index, limit.Token)).Serving.Token != search.Token)
        {
            ledger.Count(target.RolloutId, figures => figures.Dropped++);
            return;
        }

        Compare(search, vector, ShadowTraffic.Beginning(hits), took);
    }

    private void Compare(ShadowedSearch search, float[] vector, IReadOnlyList<AnsweredPoint> green, TimeSpan took)
    {
        var difference = AnswerDifference.Of(search.Blue, green, ShadowFigures.Depth);
        var query = _options.Keep == 0 ? null : new ShadowQuery
        {
            Key = ShadowQuery.KeyOf(search.Text),
            Text = _options.KeepText ? search.Text : null,
            Overlap = difference.Overlap,
            TopShift = difference.TopShift,
            MeanShift = difference.MeanShift,
            At = time.GetUtcNow(),
            Blue = search.Blue,
            Green = green,
            BlueVector = _options.KeepText ? null : VectorBlob.Write(search.Query.Vector.Span),
            GreenVector = _options.KeepText ? null : VectorBlob.Write(vector),
        };
        ledger.Count(search.Target.RolloutId, figures =>
        {
            figures.Add(difference);
            if (search.Target.IsIndexed)
            {
                figures.Blue.Add(search.Took.TotalMilliseconds);
                figures.Green.Add(took.TotalMilliseconds);
            }
        }, query);
    }

    [LoggerMessage(5055, LogLevel.Warning, "{Collection} of rollout {Rollout} cannot answer live queries ({Failure}); it is counted until one is answered")]
    private static partial void LogFails(ILogger log, string collection, string rollout, string failure);

    [LoggerMessage(5056, LogLevel.Warning, "What was counted of live queries for rollout {Rollout} cannot be written ({Failure}); it is tried again")]
    private static partial void LogUnwritten(ILogger log, string rollout, string failure);
}
