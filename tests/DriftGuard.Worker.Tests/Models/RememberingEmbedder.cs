using System.Collections.Concurrent;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Tests.Models;

/// <summary>
/// A real model that embeds a text once in the life of the test process, and then gives what it gave: tests work on the same corpora again and
/// again. Only what gives the same bits every time is remembered, and a model with another file or another spec is another model.
/// </summary>
internal sealed class RememberingEmbedder(ITextEmbedder model) : DelegatingEmbedder(model), IDisposable
{
    private static readonly ConcurrentDictionary<(Fingerprint Model, string Prefix, string Text), EmbeddingOutcome> Remembered = new();

    /// <summary>Whether a text's vector depends on nothing but the text, to the last bit.</summary>
    private bool IsRepeatable => Model is { IsDynamicallyQuantised: true, Spec: { Provider: ModelSpec.OnnxProvider, Batching: Batching.Single } };

    public override async ValueTask<IReadOnlyList<EmbeddingOutcome>> EmbedAsync(IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellation)
    {
        if (!IsRepeatable)
        {
            return await Model.EmbedAsync(texts, kind, cancellation);
        }

        cancellation.ThrowIfCancellationRequested();
        var (id, prefix) = (Fingerprint, Spec.PrefixOf(kind));
        string[] fresh = [.. texts.Distinct(StringComparer.Ordinal).Where(text => !Remembered.ContainsKey((id, prefix, text)))];
        if (fresh.Length > 0)
        {
            var outcomes = await Model.EmbedAsync(fresh, kind, cancellation);
            for (var i = 0; i < fresh.Length; i++)
            {
                Remembered.TryAdd((id, prefix, fresh[i]), outcomes[i]);
            }
        }

        return [.. texts.Select(text => Copy(Remembered[(id, prefix, text)]))];
    }

    public void Dispose() => (Model as IDisposable)?.Dispose();

    /// <summary>The vector is the caller's own.</summary>
    private static EmbeddingOutcome Copy(EmbeddingOutcome outcome) =>
        outcome.IsEmbedded ? EmbeddingOutcome.Embedded([.. outcome.Vector], outcome.Tokens, outcome.Truncated, outcome.Chunks) : outcome;
}
