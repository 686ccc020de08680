using System.Runtime.CompilerServices;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Inference;
using DriftGuard.Embedding.Variants;
using Microsoft.Extensions.AI;

namespace DriftGuard.Embedding;

/// <summary>
/// A model from a folder with <c>model.yaml</c>: run in the process on all cores, or asked for over HTTP. Thread-safe; calls of few texts
/// go ahead of calls of many where they run in the process.
/// </summary>
/// <remarks>
/// In the process, the same text gives the same vector, whatever it is embedded together with and on however many sessions, unless the spec says
/// <see cref="Batching.Batched"/>: bit by bit where the graph is dynamically quantised, and to float rounding otherwise.
/// </remarks>
public sealed class EmbeddingModel : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly EmbeddingModelOptions _options;
    private readonly IEmbeddingEngine _engine;

    private EmbeddingModel(string directory, EmbeddingModelOptions options, Func<ModelSpec, ModelSpec>? change)
    {
        Directory = directory;
        _options = options;
        (Spec, _engine) = ModelLoader.Load(directory, options, Statistics, change);
        Fingerprint = Fingerprint.Of(Spec);
    }

    /// <summary>What decides the vectors.</summary>
    public ModelSpec Spec { get; }

    /// <summary>The identity of <see cref="Spec"/> and its files, whose digests were verified.</summary>
    public Fingerprint Fingerprint { get; }

    /// <summary>
    /// Whether the graph quantises activations as it runs (<c>DynamicQuantizeLinear</c> and its fused forms): then vectors made in batches,
    /// on another kind of processor or by another runtime differ by more than rounding. <see langword="false"/> where vectors are asked for
    /// over HTTP and nobody can tell.
    /// </summary>
    public bool IsDynamicallyQuantised => _engine.IsDynamicallyQuantised;

    /// <summary>The folder that the model was opened from.</summary>
    public string Directory { get; }

    /// <summary>How vectors are computed, for people: hardware, sessions and batches in use, or address and limits.</summary>
    public string Description => _engine.Description;

    /// <summary>
    /// Bulk calls that are worth having under way at once: one where vectors are computed in the process, which takes all cores; as many as
    /// requests may be under way where they are asked for.
    /// </summary>
    public int CallsAtOnce => _engine.CallsAtOnce;

    /// <summary>
    /// As which models the provider has answered, those of <see cref="EmbeddingModelOptions.KnownIdentities"/> included, in the order of first
    /// sight. None where vectors are computed from verified files, or the provider does not say.
    /// </summary>
    public IReadOnlyList<ProviderIdentity> Identities => _engine.Identities;

    /// <summary>Takes in as which models the provider has answered to other processes that use the same model.</summary>
    /// <exception cref="EmbeddingProviderException">It has answered to them as another model, whose vectors do not compare.</exception>
    public void Recall(IReadOnlyList<ProviderIdentity> identities) => _engine.Recall(identities);

    /// <summary>
    /// The settings that the graph is run with, and why these; <see langword="null"/> where vectors are computed elsewhere. What the
    /// options leave open is measured before the call with which <see cref="EmbeddingModelOptions.TextsThatPayForATrial"/> texts were
    /// given in bulk, or read from <see cref="EmbeddingModelOptions.TuningDirectory"/>.
    /// </summary>
    public InferenceTuning? Tuning => _engine.Tuning;

    internal IEmbeddingEngine Engine => _engine;

    /// <summary>What was embedded since the model was opened.</summary>
    public EmbeddingStatistics Statistics { get; } = new();

    /// <summary>Opens a model. Takes the time of loading the weights once a session.</summary>
    /// <param name="modelDirectory">A folder with <c>model.yaml</c>, see <see cref="ModelCatalog"/>.</param>
    /// <param name="options">How to run it; nothing in it changes a vector.</param>
    /// <exception cref="ModelException">
    /// A file is missing, malformed or has another digest than the spec says, or spec and graph contradict each other.
    /// </exception>
    public static EmbeddingModel Open(string modelDirectory, EmbeddingModelOptions? options = null) => OpenWith(modelDirectory, options, change: null);

    /// <summary>Opens the model of a folder as if its <c>model.yaml</c> said something else. Takes the time of <see cref="Open"/>.</summary>
    /// <param name="modelDirectory">A folder with <c>model.yaml</c>, see <see cref="ModelCatalog"/>.</param>
    /// <param name="variant">
    /// The spec in place of the folder's. Provider, model, revision, files and the kind of tokenizer are the folder's; prefixes, pooling,
    /// normalisation, token limit and what else decides a vector may differ, as far as the provider leaves it to the client.
    /// </param>
    /// <param name="options">How to run it; nothing in it changes a vector.</param>
    /// <exception cref="ModelException">
    /// What <see cref="Open"/> refuses, or the folder's files cannot be used as the variant says.
    /// </exception>
    public static EmbeddingModel OpenVariant(string modelDirectory, ModelSpec variant, EmbeddingModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(variant);
        return OpenWith(modelDirectory, options, folder => VariantRules.Admit(variant, folder, modelDirectory));
    }

    /// <summary>
    /// Opens whatever lies in a folder, whether or not it is what its <c>model.yaml</c> pins: to look at what was exchanged, never to serve. Its
    /// fingerprint is that of the files found.
    /// </summary>
    /// <param name="modelDirectory">A folder with <c>model.yaml</c>.</param>
    /// <param name="options">How to run it.</param>
    /// <exception cref="ModelException">A file is missing, or the files do not fit together.</exception>
    public static EmbeddingModel OpenAsFound(string modelDirectory, EmbeddingModelOptions? options = null) => OpenWith(modelDirectory, options, folder =>
    {
        var found = FileDigests.Read(modelDirectory, folder);
        return folder with { Files = [.. folder.Files.Select(file => file with { Sha256 = found[file.Role] ?? file.Sha256 })] };
    });

    private static EmbeddingModel OpenWith(string modelDirectory, EmbeddingModelOptions? options, Func<ModelSpec, ModelSpec>? change)
    {
        options ??= new();
        EmbeddingModelOptions.Validate(options);
        return new(modelDirectory, options, change);
    }

    /// <summary>Embeds texts, in the order given. A text that has no vector says why and leaves the others alone.</summary>
    /// <param name="texts">Texts without prefix; the spec's is added.</param>
    /// <param name="kind">Whether they are searched with or found.</param>
    /// <param name="cancellationToken">Ends the call at the next run.</param>
    /// <exception cref="EmbeddingProviderException">The provider cannot be used; no text is at fault.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed, before or meanwhile.</exception>
    public async ValueTask<IReadOnlyList<EmbeddingOutcome>> EmbedAsync(
        IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        cancellationToken.ThrowIfCancellationRequested();
        var outcomes = await _engine.EmbedAsync(texts, kind, cancellationToken).ConfigureAwait(false);
        Statistics.Count(texts, outcomes);
        return outcomes;
    }

    /// <summary>
    /// Measures now what the options leave open, even if it is known, and keeps it. Takes 1.5 s at most, plus loading the weights for other
    /// numbers of threads; with models so large that a single run of each candidate takes longer, as long as that.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting, not the trial.</param>
    /// <exception cref="ObjectDisposedException">The model was disposed, before or meanwhile.</exception>
    public Task TuneAsync(CancellationToken cancellationToken = default) => _engine.TuneAsync(cancellationToken);

    /// <summary>
    /// Embeds a stream of texts of any length, in order. Holds two windows of texts and outcomes at most: the next one is embedded
    /// while the consumer takes this one, and nothing more is read until it has.
    /// </summary>
    /// <param name="texts">Texts without prefix; the spec's is added.</param>
    /// <param name="kind">Whether they are searched with or found.</param>
    /// <param name="cancellationToken">Ends the stream at the next run.</param>
    /// <exception cref="ObjectDisposedException">The model was disposed, before or meanwhile.</exception>
    public async IAsyncEnumerable<EmbeddingOutcome> EmbedStreamAsync(
        IAsyncEnumerable<string> texts, InputKind kind, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        Task<IReadOnlyList<EmbeddingOutcome>>? ahead = null;
        await foreach (var window in texts.Chunk(_options.Window).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var current = ahead;
            ahead = EmbedAsync(window, kind, cancellationToken).AsTask();
            if (current is null)
                continue;
            foreach (var outcome in await current.ConfigureAwait(false))
                yield return outcome;
        }

        if (ahead is null)
            yield break;
        foreach (var outcome in await ahead.ConfigureAwait(false))
            yield return outcome;
    }

    /// <inheritdoc />
    /// <remarks>
    /// The texts are documents unless the options say otherwise, see <see cref="InputKindOptions.WithInputKind"/>.
    /// </remarks>
    /// <exception cref="EmbeddingException">A text has no vector; names the first.</exception>
    /// <exception cref="NotSupportedException">The options ask for another number of dimensions than the spec has.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (options?.Dimensions is { } dimensions && dimensions != Spec.Dimensions)
        {
            throw new NotSupportedException($"Model {Spec.Name} gives {Spec.Dimensions} dimensions, {dimensions} were asked for. "
                + "Dimensions are part of the spec: use a model folder that states them.");
        }

        var outcomes = await EmbedAsync([.. values], options.GetInputKind(), cancellationToken).ConfigureAwait(false);
        var embeddings = new GeneratedEmbeddings<Embedding<float>>(outcomes.Count);
        for (var i = 0; i < outcomes.Count; i++)
        {
            var vector = outcomes[i].Vector ?? throw new EmbeddingException(i, outcomes[i].Failure!);
            embeddings.Add(new(vector) { ModelId = Spec.Model });
        }

        long tokens = outcomes.Sum(o => (long)o.Tokens);
        embeddings.Usage = new() { InputTokenCount = tokens, TotalTokenCount = tokens };
        return embeddings;
    }

    /// <inheritdoc />
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        if (serviceType == typeof(EmbeddingGeneratorMetadata))
            return new EmbeddingGeneratorMetadata(Spec.Provider, null, Spec.Model, Spec.Dimensions);
        return serviceType == typeof(ModelSpec) ? Spec : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Waits for the runs under way and frees the weights. Calls that are not finished fail.</summary>
    public void Dispose() => _engine.Dispose();
}
