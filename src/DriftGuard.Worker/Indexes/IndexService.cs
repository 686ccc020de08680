using DriftGuard.Core.Indexes;
using DriftGuard.Core.Rollouts;
using DriftGuard.Embedding;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.State;
using DriftGuard.Worker.Drift.Enrolment;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Rollouts;

namespace DriftGuard.Worker.Indexes;

/// <summary>Creates indexes, puts existing collections under DriftGuard, and tells how they are served.</summary>
public sealed class IndexService
{
    private const int AdoptionSample = 100;

    private readonly QdrantStore qdrant;
    private readonly StateStore state;
    private readonly ModelPool models;
    private readonly ServingIndexReader reader;
    private readonly ModelEnroller enroller;
    private readonly TimeProvider time;

    internal IndexService(QdrantStore qdrant, StateStore state, ModelPool models, ServingIndexReader reader, ModelEnroller enroller, TimeProvider time)
    {
        (this.qdrant, this.state, this.models, this.reader, this.enroller, this.time) = (qdrant, state, models, reader, enroller, time);
    }

    /// <summary>Creates an empty index under a model: a new collection, the alias and its first epoch token.</summary>
    /// <exception cref="OperatorException">The name cannot be used or is taken.</exception>
    public async Task<ServingIndex> CreateAsync(string name, string model, string textField, string? calibrationSet, CancellationToken cancellation)
    {
        await RequireFreeAsync(name, cancellation);
        if ((await qdrant.AliasesAsync(cancellation)).TargetOf(name) is { } target)
        {
            throw new OperatorException(OperatorError.Conflict,
                $"alias '{name}' exists in Qdrant at {qdrant.Address} and points to {target}. Choose another name, or put that collection under DriftGuard: "
                + $"driftguard index create {name} --collection {target} --model {model}");
        }

        var embedder = models.Get(model);
        await MeasureAsync(embedder, cancellation);
        await state.SaveIndexAsync(DefinitionOf(name, textField, calibrationSet), cancellation);
        var collection = await UnfinishedAsync(name, embedder, cancellation) ?? CollectionName.New(name, embedder.Fingerprint.Id);
        if (!await qdrant.ExistsAsync(collection, cancellation))
        {
            await qdrant.CreateCollectionAsync(collection, CollectionSchemas.New(name, embedder), cancellation);
        }

        await qdrant.ChangeAliasesAsync(IndexAliases.Call(AliasMoves.Create(EpochToken.First(name), collection)), cancellation);
        return await reader.ReadAsync(name, cancellation);
    }

    /// <summary>Puts a collection that exists under DriftGuard: its vectors are declared to be those of a model, and alias and token are created.</summary>
    /// <exception cref="OperatorException">The name is taken, the collection is missing, or its vectors cannot be the model's.</exception>
    public async Task<ServingIndex> AdoptAsync(
        string name, string collection, string model, string textField, string? calibrationSet, CancellationToken cancellation)
    {
        await RequireFreeAsync(name, cancellation);
        var embedder = models.Get(model);
        var found = await qdrant.FindCollectionAsync(collection, cancellation)
            ?? throw new OperatorException(OperatorError.NotFound, $"there is no collection '{collection}' in Qdrant at {qdrant.Address}");
        if ((await qdrant.AliasesAsync(cancellation)).TargetOf(name) is { } target && target != collection)
        {
            throw new OperatorException(OperatorError.Conflict, $"alias '{name}' exists in Qdrant at {qdrant.Address} and points to {target}, not to {collection}");
        }

        if (!found.HoldsOneUnnamedVector)
        {
            throw new OperatorException(OperatorError.Invalid,
                $"collection {collection} holds vectors {string.Join(", ", found.Vectors.Keys.Select(k => $"'{k}'"))}; only collections with one unnamed dense vector can be adopted, "
                + "since a rollout would lose the others");
        }

        var vector = found.Vectors[""];
        if (vector.Size != embedder.Spec.Dimensions || vector.Distance != CollectionSchemas.DistanceOf(embedder.Spec))
        {
            throw new OperatorException(OperatorError.Invalid,
                $"collection {collection} holds vectors of {vector.Size} dimensions under {vector.Distance}, model {model} makes {embedder.Spec.Dimensions} under "
                + $"{CollectionSchemas.DistanceOf(embedder.Spec)}: it cannot be the model that made them");
        }

        await RequireTextsAsync(collection, textField, cancellation);
        await RequireUnenrolledAsync(name, collection, cancellation);
        await MeasureAsync(embedder, cancellation);
        await qdrant.SetMetadataAsync(collection, CollectionSchemas.MetadataOf(name, embedder).ToDictionary(m => m.Key, string? (m) => m.Value, StringComparer.Ordinal), cancellation);
        await state.SaveIndexAsync(DefinitionOf(name, textField, calibrationSet), cancellation);
        var aliases = await qdrant.AliasesAsync(cancellation);
        if (IndexAliases.Tokens(name, aliases).Count == 0)
        {
            await qdrant.ChangeAliasesAsync(IndexAliases.Call(AliasMoves.Create(EpochToken.First(name), collection)), cancellation);
        }

        return await reader.ReadAsync(name, cancellation);
    }

    /// <summary>How an index is served.</summary>
    /// <exception cref="OperatorException">It is not enrolled, or alias, token or collection are missing or contradict each other.</exception>
    public Task<ServingIndex> ShowAsync(string name, CancellationToken cancellation) => reader.ReadAsync(name, cancellation);

    /// <summary>The enrolled indexes by name; an index that cannot be read comes with the reason instead.</summary>
    public async Task<IReadOnlyList<(IndexDefinition Definition, ServingIndex? Serving, string? Problem)>> ListAsync(CancellationToken cancellation)
    {
        var list = new List<(IndexDefinition, ServingIndex?, string?)>();
        foreach (var definition in await state.ListIndexesAsync(cancellation))
        {
            try
            {
                list.Add((definition, await reader.ReadAsync(definition.Name, cancellation), null));
            }
            catch (OperatorException exception)
            {
                list.Add((definition, null, exception.Message));
            }
        }

        return list;
    }

    /// <summary>A model is measured when an index is made with it. A provider that cannot be reached now is measured by the first check.</summary>
    private async Task MeasureAsync(ITextEmbedder embedder, CancellationToken cancellation)
    {
        try
        {
            await enroller.EnsureAsync(embedder, cancellation);
        }
        catch (EmbeddingProviderException failure) when (failure.IsTransient)
        {
            // An index can be declared while its provider is down.
        }
    }

    private async Task RequireFreeAsync(string name, CancellationToken cancellation)
    {
        await reader.RequireSupportedAsync(cancellation);
        if (CollectionName.WhyNotAnIndex(name) is { } why)
        {
            throw new OperatorException(OperatorError.Invalid, why);
        }

        if (await qdrant.ListCollectionsAsync(cancellation) is var collections && collections.Contains(name, StringComparer.Ordinal))
        {
            throw new OperatorException(OperatorError.Conflict,
                $"Qdrant at {qdrant.Address} has a collection named '{name}', so there can be no alias of that name. Choose another name for the index; "
                + $"to put that collection under DriftGuard: driftguard index create NAME --collection {name}");
        }

        // Without a token the enrolment was cut off before its end, and goes on.
        var aliases = await qdrant.AliasesAsync(cancellation);
        if (aliases.TargetOf(name) is { } target && IndexAliases.Tokens(name, aliases).Count > 0 && await state.FindIndexAsync(name, cancellation) is not null)
        {
            throw new OperatorException(OperatorError.Conflict, $"index '{name}' exists and is served by {target}");
        }
    }

    /// <summary>A misspelt field would park every text of the first rollout: some point at least must have one.</summary>
    private async Task RequireTextsAsync(string collection, string textField, CancellationToken cancellation)
    {
        var page = await qdrant.ScrollAsync(collection, PointId.First, AdoptionSample, ReadShape.WholePayload, null, cancellation);
        if (page.Points.Count > 0 && page.Points.All(point => PayloadText.Of(point.Payload, textField) is null))
        {
            var keys = page.Points.SelectMany(p => p.Payload.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            throw new OperatorException(OperatorError.Invalid,
                $"none of the first {page.Points.Count} points of {collection} has a text under payload key '{textField}'; name the key with --text-field. "
                + $"Their keys are {(keys.Count == 0 ? "none" : string.Join(", ", keys))}");
        }
    }

    /// <summary>Two indexes on one collection would each switch, and in the end remove, what the other serves.</summary>
    private async Task RequireUnenrolledAsync(string name, string collection, CancellationToken cancellation)
    {
        var aliases = await qdrant.AliasesAsync(cancellation);
        foreach (var other in await state.ListIndexesAsync(cancellation))
        {
            if (other.Name != name && aliases.TargetOf(other.Name) == collection)
            {
                throw new OperatorException(OperatorError.Conflict, $"collection {collection} is served as index '{other.Name}' already");
            }
        }
    }

    /// <summary>The empty collection of a creation that was cut off before its alias was made.</summary>
    private async Task<string?> UnfinishedAsync(string name, ITextEmbedder embedder, CancellationToken cancellation)
    {
        var aliases = await qdrant.AliasesAsync(cancellation);
        foreach (var collection in await qdrant.ListCollectionsAsync(cancellation))
        {
            if (collection.StartsWith($"{name}-{embedder.Fingerprint.Short}-", StringComparison.Ordinal) && aliases.AliasesOf(collection).Count == 0
                && await qdrant.CountAsync(collection, cancellationToken: cancellation) == 0)
            {
                return collection;
            }
        }

        return null;
    }

    private IndexDefinition DefinitionOf(string name, string textField, string? calibrationSet) =>
        new() { Name = name, TextField = textField, CalibrationSet = calibrationSet, CreatedAt = time.GetUtcNow() };
}
