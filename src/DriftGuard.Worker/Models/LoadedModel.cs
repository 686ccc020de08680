using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.State;
using DriftGuard.Worker.Telemetry;

namespace DriftGuard.Worker.Models;

/// <summary>
/// A model that was opened from its folder and verified. As which model a provider answers is on record before its vectors are handed out, so
/// that none is ever written of whose maker nothing is known.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="state">Where identities are recorded.</param>
/// <param name="telemetry">Measures and traces its calls.</param>
public sealed class LoadedModel(EmbeddingModel model, StateStore state, EmbeddingTelemetry telemetry) : ITextEmbedder, IDisposable
{
    // An identity that is known already is written again so seldom that it costs nothing.
    private static readonly TimeSpan BetweenRecords = TimeSpan.FromMinutes(5);

    private readonly Lock recording = new();
    private readonly List<ProviderIdentity> recorded = [];

    /// <inheritdoc/>
    public ModelSpec Spec => model.Spec;

    /// <inheritdoc/>
    public Fingerprint Fingerprint => model.Fingerprint;

    /// <inheritdoc/>
    public int CallsAtOnce => model.CallsAtOnce;

    /// <inheritdoc/>
    public string Directory => model.Directory;

    /// <inheritdoc/>
    public bool IsDynamicallyQuantised => model.IsDynamicallyQuantised;

    /// <inheritdoc/>
    public IReadOnlyList<ProviderIdentity> Identities => model.Identities;

    /// <inheritdoc/>
    public RequestFigures? Requests => model.Spec.Provider == ModelSpec.OnnxProvider ? null : new(model.Statistics.Requests, model.Statistics.RequestTime);

    /// <summary>Texts, tokens and truncated texts so far.</summary>
    public EmbeddingStatistics Statistics => model.Statistics;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<EmbeddingOutcome>> EmbedAsync(IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellation)
    {
        var outcomes = await telemetry.CallAsync(Spec, () => model.EmbedAsync(texts, kind, cancellation));
        if (Unrecorded() is { Count: > 0 } identities)
        {
            // Asked before, so that a model that another process did not get is not on record as one that is right.
            model.Recall(Plain(await state.ModelIdentitiesAsync(Fingerprint.Id, cancellation)));
            var all = await state.RecordModelIdentitiesAsync(Fingerprint.Id, identities, cancellation);
            model.Recall(Plain(all));
            Remember(identities);
        }

        return outcomes;
    }

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();

    private static List<ProviderIdentity> Plain(IReadOnlyList<ModelIdentity> identities) => [.. identities.Select(i => i.Identity)];

    private List<ProviderIdentity> Unrecorded()
    {
        lock (recording)
        {
            return [.. model.Identities.Where(i => i.Answers > 0 && !recorded.Exists(r => r.IsSameAs(i) && i.LastSeen - r.LastSeen < BetweenRecords))];
        }
    }

    private void Remember(List<ProviderIdentity> identities)
    {
        lock (recording)
        {
            recorded.RemoveAll(r => identities.Exists(r.IsSameAs));
            recorded.AddRange(identities);
        }
    }
}
