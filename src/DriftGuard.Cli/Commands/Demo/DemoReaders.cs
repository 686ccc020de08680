using System.Collections.Concurrent;
using DriftGuard.Core.Calibration;
using DriftGuard.Core.Embedding;
using DriftGuard.Core.Indexes;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.Worker.Models;

namespace DriftGuard.Cli.Commands.Demo;

/// <summary>What readers counted.</summary>
/// <param name="Reads">Searches made.</param>
/// <param name="Failed">Searches that failed.</param>
/// <param name="Mixed">Answers that hold a point whose stamp names another model than the query's.</param>
/// <param name="ByModel">Searches by the model that served them.</param>
internal sealed record ReadCounts(long Reads, long Failed, long Mixed, IReadOnlyDictionary<string, long> ByModel);

/// <summary>
/// Applications that search an index without pause: each read takes the route (collection and fingerprint behind the alias), a query
/// vector of that fingerprint's model, and searches that collection. Every answer's stamps are compared with the query's model.
/// </summary>
internal sealed class DemoReaders : IAsyncDisposable
{
    private const int Limit = 5;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<string, long> byModel = new(StringComparer.Ordinal);
    private readonly QdrantStore qdrant;
    private readonly string index;
    private readonly Dictionary<string, (string Model, IReadOnlyList<float[]> Queries)> models;
    private readonly Task[] readers;
    private long reads, failed, mixed;

    private DemoReaders(QdrantStore qdrant, string index, Dictionary<string, (string, IReadOnlyList<float[]>)> models, int count)
    {
        (this.qdrant, this.index, this.models) = (qdrant, index, models);
        readers = [.. Enumerable.Range(0, count).Select(reader => Task.Run(() => ReadAsync(reader)))];
    }

    /// <summary>What was counted; the figures belong together once the readers have stopped.</summary>
    public ReadCounts Counts => new(Interlocked.Read(ref reads), Interlocked.Read(ref failed), Interlocked.Read(ref mixed), byModel);

    /// <summary>Embeds the queries under every model and starts to read.</summary>
    public static async Task<DemoReaders> StartAsync(
        QdrantStore qdrant, string index, CalibrationSet set, IReadOnlyList<ITextEmbedder> embedders, int count, CancellationToken cancellation)
    {
        var queriesOf = new Dictionary<string, (string, IReadOnlyList<float[]>)>(StringComparer.Ordinal);
        foreach (var embedder in embedders)
        {
            var outcomes = await embedder.EmbedAsync([.. set.Queries.Take(200).Select(q => q.Text)], InputKind.Query, cancellation);
            queriesOf[embedder.Fingerprint.Id] = (embedder.Spec.Name, [.. outcomes.Where(o => o.IsEmbedded).Select(o => o.Vector!)]);
        }

        return new(qdrant, index, queriesOf, count);
    }

    /// <summary>Stops the readers; a read that is cut off counts as none.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(readers);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
    }

    private async Task ReadAsync(int reader)
    {
        for (var i = reader; !stop.IsCancellationRequested; i++)
        {
            try
            {
                await ReadOnceAsync(i);
            }
            catch (Exception exception) when (exception is QdrantException or InvalidOperationException)
            {
                Interlocked.Increment(ref failed);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }

            Interlocked.Increment(ref reads);
        }
    }

    private async Task ReadOnceAsync(int i)
    {
        // The state of the collection behind the alias: name and fingerprint come from one answer.
        var aliases = await qdrant.AliasesAsync(stop.Token);
        var collection = aliases.TargetOf(index) ?? throw new InvalidOperationException($"no alias {index}");
        var state = await qdrant.FindCollectionAsync(collection, stop.Token) ?? throw new InvalidOperationException($"{collection} is gone");
        var fingerprint = state.Metadata[IndexMetadata.Fingerprint];
        var (model, queries) = models[fingerprint];
        var query = new NearestQuery(queries[i % queries.Count]) { Limit = Limit, Payload = PayloadSelection.Keys(StampPayload.Key) };
        var hits = await qdrant.SearchAsync(collection, query, stop.Token);
        if (hits.Count == 0 || hits.Any(hit => StampPayload.Read(hit.Payload)?.Fingerprint != fingerprint))
        {
            Interlocked.Increment(ref mixed);
        }

        byModel.AddOrUpdate(model, 1, static (_, n) => n + 1);
    }
}
