using DriftGuard.Core.Embedding;
using DriftGuard.Core.Text;
using DriftGuard.Embedding.Inference;

namespace DriftGuard.Embedding.Http;

/// <summary>Texts to outcomes by asking a provider, several requests at a time. Texts are prepared as requests are made, so a long list is never held twice.</summary>
internal sealed class HttpEmbeddingEngine(HttpModel model) : IEmbeddingEngine
{
    private readonly CancellationTokenSource _disposed = new();

    public string Description => $"{model.Spec.Provider} at {model.Endpoint.AddressOf("")}, up to {model.Endpoint.TextsPerRequest} texts and {model.Endpoint.TokensPerRequest} "
        + $"{(model.CountsTokens ? "tokens" : "estimated tokens")} a request, {model.Endpoint.Concurrency} requests at once, {Rate(model.Endpoint.RequestsPerMinute, "requests")}, "
        + $"{Rate(model.Endpoint.TokensPerMinute, "tokens")}, {DurationText.Format(model.Endpoint.Timeout)} and up to {model.Endpoint.Retries + 1} attempts a request";

    public int CallsAtOnce => model.Endpoint.Concurrency;

    public IReadOnlyList<ProviderIdentity> Identities => model.Identities.Seen;

    public void Recall(IReadOnlyList<ProviderIdentity> identities) => model.Identities.Recall(model.Endpoint.AddressOf(""), identities);

    public async Task<EmbeddingOutcome[]> EmbedAsync(IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, typeof(EmbeddingModel));
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token);
        try
        {
            return await EmbedAllAsync(texts, kind, linked.Token);
        }
        catch (OperationCanceledException e) when (_disposed.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException("The model was disposed while it was asked.", e);
        }
    }

    public void Dispose()
    {
        // What is under way ends with it; the parts are left to it and to the collector.
        _disposed.Cancel();
        model.Http.Dispose();
    }

    private static string Rate(int? perMinute, string what) => perMinute is null ? $"any number of {what} a minute" : FormattableString.Invariant($"{perMinute} {what} a minute");

    private async Task<EmbeddingOutcome[]> EmbedAllAsync(IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellation)
    {
        var outcomes = new EmbeddingOutcome[texts.Count];
        if (texts.Count == 0)
            return outcomes;
        var mostTexts = Math.Min(model.Endpoint.TextsPerRequest, await model.Info.MostTextsAsync(cancellation) ?? int.MaxValue);
        var chunked = new List<ChunkedText>();
        var requests = RequestPlan.Split(Prepare(texts, kind, outcomes, chunked), mostTexts, model.Endpoint.TokensPerRequest);
        var sender = new BatchSender(model, kind);
        await Parallel.ForEachAsync(
            requests,
            new ParallelOptions { MaxDegreeOfParallelism = model.Endpoint.Concurrency, CancellationToken = cancellation },
            async (request, token) => await sender.SendAsync(request, token));
        foreach (var text in chunked)
            outcomes[text.Index] = text.Mean(model.Spec.Normalisation);
        return outcomes;
    }

    private IEnumerable<PreparedText> Prepare(IReadOnlyList<string> texts, InputKind kind, EmbeddingOutcome[] outcomes, List<ChunkedText> chunked)
    {
        var prepared = new List<PreparedText>();
        for (var i = 0; i < texts.Count; i++)
        {
            prepared.Clear();
            model.Preparer.Prepare(texts[i], kind, outcomes, i, prepared, chunked);
            foreach (var text in prepared)
                yield return text;
        }
    }
}
