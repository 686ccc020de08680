using DriftGuard.Core.Indexes;
using DriftGuard.Core.Rollouts;
using DriftGuard.Embedding;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Drift.Enrolment;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Rollouts;
using DriftGuard.Worker.Sources;

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
    private readonly IndexCorpora corpora;
    private readonly TimeProvider time;

    internal IndexService(
        QdrantStore qdrant, StateStore state, ModelPool models, ServingIndexReader reader, ModelEnroller enroller, IndexCorpora corpora, TimeProvider time)
    {
        (this.qdrant, this.state, this.models, this.reader, this.enroller, this.corpora, this.time) = (qdrant, state, models, reader, enroller, corpora, time);
    }

    /// <summary>Creates an index, or puts a collection that exists under DriftGuard, and shows it.</summary>
    /// <param name="index">What it is to be.</param>
    /// <param name="model">Makes its vectors.</param>
    /// <param name="collection">The collection that exists; null for a new one.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="OperatorException">As creating and adopting say.</exception>
    public async Task<IndexView> MakeAsync(IndexDefinition index, string model, string? collection, CancellationToken cancellation)
    {
        var made = collection is null ? await CreateAsync(index, model, cancellation) : await AdoptAsync(index, collection, model, cancellation);
        return await ViewAsync(made.Definition.Name, cancellation);
    }

    /// <summary>Creates an empty index whose texts are one payload field; see the other <c>CreateAsync</c>.</summary>
    public Task<ServingIndex> CreateAsync(string name, string model, string textField, string? calibrationSet, CancellationToken cancellation) =>
        CreateAsync(DefinitionOf(name, textField, calibrationSet), model, cancellation);

    /// <summary>Creates an empty index under a model: a new collection, the alias and its first epoch token.</summary>
    /// <exception cref="OperatorException">The name cannot be used or is taken, or the source of its texts cannot be read.</exception>
    public async Task<ServingIndex> CreateAsync(IndexDefinition index, string model, CancellationToken cancellation)
    {
        var name = index.Name;
        await RequireFreeAsync(name, cancellation);
        await RequireSourceAsync(index, cancellation);
        if ((await qdrant.AliasesAsync(cancellation)).TargetOf(name) is { } target)
        {
            throw new OperatorException(OperatorError.Conflict,
                $"alias '{name}' exists in Qdrant at {qdrant.Address} and points to {target}. Choose another name, or put that collection under DriftGuard: "
                + $"driftguard index create {name} --collection {target} --model {model}");
        }

        var embedder = models.Get(model);
        await MeasureAsync(embedder, cancellation);
        await state.SaveIndexAsync(index with { CreatedAt = time.GetUtcNow() }, cancellation);
        var collection = await UnfinishedAsync(name, embedder, cancellation) ?? CollectionName.New(name, embedder.Fingerprint.Id);
        if (!await qdrant.ExistsAsync(collection, cancellation))
        {
            await qdrant.CreateCollectionAsync(collection, CollectionSchemas.New(name, index.Vector, embedder), cancellation);
        }

        await qdrant.ChangeAliasesAsync(IndexAliases.Call(AliasMoves.Create(EpochToken.First(name), collection)), cancellation);
        return await reader.ReadAsync(name, cancellation);
    }

    /// <summary>Puts a collection whose texts are one payload field under DriftGuard; see the other <c>AdoptAsync</c>.</summary>
    public Task<ServingIndex> AdoptAsync(
        string name, string collection, string model, string textField, string? calibrationSet, CancellationToken cancellation) =>
        AdoptAsync(DefinitionOf(name, textField, calibrationSet), collection, model, cancellation);

    /// <summary>Puts a collection that exists under DriftGuard: its vectors are declared to be those of a model, and alias and token are created.</summary>
    /// <exception cref="OperatorException">The name is taken, the collection is missing, or its vectors cannot be the model's.</exception>
    public async Task<ServingIndex> AdoptAsync(IndexDefinition index, string collection, string model, CancellationToken cancellation)
    {
        var name = index.Name;
        await RequireFreeAsync(name, cancellation);
        var embedder = models.Get(model);
        var found = await qdrant.FindCollectionAsync(collection, cancellation)
            ?? throw new OperatorException(OperatorError.NotFound, $"there is no collection '{collection}' in Qdrant at {qdrant.Address}");
        if ((await qdrant.AliasesAsync(cancellation)).TargetOf(name) is { } target && target != collection)
        {
            throw new OperatorException(OperatorError.Conflict, $"alias '{name}' exists in Qdrant at {qdrant.Address} and points to {target}, not to {collection}");
        }

        var vector = IndexVectors.Require(index.Vector, found);
        if (vector.Size != embedder.Spec.Dimensions || vector.Distance != CollectionSchemas.DistanceOf(embedder.Spec))
        {
            throw new OperatorException(OperatorError.Invalid,
                $"collection {collection} holds vectors of {vector.Size} dimensions under {vector.Distance}, model {model} makes {embedder.Spec.Dimensions} under "
                + $"{CollectionSchemas.DistanceOf(embedder.Spec)}: it cannot be the model that made them");
        }

        await RequireSourceAsync(index, cancellation);
        await RequireTextsAsync(collection, index, cancellation);
        await RequireUnenrolledAsync(name, collection, cancellation);
        await MeasureAsync(embedder, cancellation);
        await qdrant.SetMetadataAsync(collection, CollectionSchemas.MetadataOf(name, embedder).ToDictionary(m => m.Key, string? (m) => m.Value, StringComparer.Ordinal), cancellation);
        await state.SaveIndexAsync(index with { CreatedAt = time.GetUtcNow() }, cancellation);
        var aliases = await qdrant.AliasesAsync(cancellation);
        if (IndexAliases.Tokens(name, aliases).Count == 0)
        {
            await qdrant.ChangeAliasesAsync(IndexAliases.Call(AliasMoves.Create(EpochToken.First(name), collection)), cancellation);
        }

        return await reader.ReadAsync(name, cancellation);
    }

    /// <summary>
    /// Changes where the texts of an index come from, and how they are joined. Vectors stay: what differs by the new texts is found by the next
    /// drift check, and embedded by the next rollout.
    /// </summary>
    /// <exception cref="OperatorException">There is no such index, a rollout of it is under way, or the source cannot be read.</exception>
    public async Task<IndexDefinition> SetSourceAsync(IndexDefinition index, CancellationToken cancellation)
    {
        var serving = await reader.ReadAsync(index.Name, cancellation);
        if ((await state.ListRolloutsAsync(index.Name, cancellation)).FirstOrDefault(rollout => rollout.EndedAt is null) is { } rollout)
        {
            throw new OperatorException(OperatorError.Conflict,
                $"rollout {rollout.Id} of index '{index.Name}' is under way, and is embedding the texts as they are declared now: wait until it has ended, or abort it with 'driftguard rollout abort {rollout.Id}'");
        }

        await RequireSourceAsync(index, cancellation);
        IndexVectors.Require(index.Vector, serving.State);
        await RequireTextsAsync(serving.Collection, index, cancellation);
        await state.SaveIndexAsync(index with { CreatedAt = serving.Definition.CreatedAt }, cancellation);
        return await reader.DefinitionAsync(index.Name, cancellation);
    }

    /// <summary>Says which calibration set decides rollouts of an index from now on; one that is under way keeps its own.</summary>
    /// <exception cref="OperatorException">There is no such index.</exception>
    public async Task SetCalibrationSetAsync(string name, string? set, CancellationToken cancellation)
    {
        var definition = await reader.DefinitionAsync(name, cancellation);
        if (definition.CalibrationSet != set)
        {
            await state.SaveIndexAsync(definition with { CalibrationSet = set }, cancellation);
        }
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

    /// <summary>How an index is shown, with the texts that loads could not embed.</summary>
    /// <exception cref="OperatorException">It is not enrolled, or alias, token or collection are missing or contradict each other.</exception>
    public async Task<IndexView> ViewAsync(string name, CancellationToken cancellation) =>
        IndexView.Of(await ShowAsync(name, cancellation), await state.ParkedAsync(ParkedText.OfLoads(name), cancellation));

    /// <summary>How the enrolled indexes are shown, by name.</summary>
    public async Task<IReadOnlyList<IndexView>> ViewsAsync(CancellationToken cancellation) =>
        [.. (await ListAsync(cancellation)).Select(i => i.Serving is null ? IndexView.Broken(i.Definition, i.Problem!) : IndexView.Of(i.Serving))];

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
    private async Task RequireTextsAsync(string collection, IndexDefinition index, CancellationToken cancellation)
    {
        var page = await qdrant.ScrollAsync(collection, PointId.First, AdoptionSample, ReadShape.WholePayload, null, cancellation);
        var texts = await corpora.Of(index).Source.TextsAsync(page.Points, cancellation);
        if (texts.Count > 0 && texts.All(text => text.Text is null))
        {
            var keys = page.Points.SelectMany(p => p.Payload.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            throw new OperatorException(OperatorError.Invalid,
                $"none of the first {page.Points.Count} points of {collection} has a text: {texts[0].WhyNot}. "
                + (index.Source.Kind == SourceKind.Payload ? "Name the key with --text-field, or several with --template. " : "The source must name points by the ids that they have. ")
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

    /// <summary>A source is looked at when it is declared, not when a rollout has waited for it.</summary>
    private async Task RequireSourceAsync(IndexDefinition index, CancellationToken cancellation)
    {
        if (SourceRules.Problems(index).ToList() is { Count: > 0 } problems)
        {
            throw new OperatorException(OperatorError.Invalid, string.Join('\n', problems.Select(problem => problem.Message)));
        }

        await corpora.Of(index).Source.TextsAsync([], cancellation);
    }

    private IndexDefinition DefinitionOf(string name, string textField, string? calibrationSet) =>
        new() { Name = name, TextField = textField, CalibrationSet = calibrationSet, CreatedAt = time.GetUtcNow() };
}
