using DriftGuard.Core.Indexes;
using DriftGuard.Embedding;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.State;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Evaluation.Comparing;

/// <summary>Finds what the sides of a comparison name.</summary>
internal sealed class SideReader(
    StateStore state, QdrantStore qdrant, ServingIndexReader indexes, ModelPool models, ModelFolders folders, CollectionScorer scorer, LabelReader labels, DocumentTexts texts,
    IndexCorpora corpora)
{
    private const int StampsRead = 100;

    /// <summary>Finds a side.</summary>
    /// <exception cref="OperatorException">There is no such thing, its name means two things, or its model is not known.</exception>
    /// <exception cref="ModelException">Its model cannot be used.</exception>
    public async Task<ComparableSide> ReadAsync(string text, CancellationToken cancellation)
    {
        var name = SideName.Parse(text);
        return name.Kind switch
        {
            SideKind.Index => await IndexAsync(name.Name, cancellation),
            SideKind.Collection => await CollectionAsync(name, cancellation),
            SideKind.Model => new ModelSide(models.Get(name.Name)),
            _ => await PlainAsync(name.Name, cancellation),
        };
    }

    private async Task<ComparableSide> PlainAsync(string name, CancellationToken cancellation)
    {
        if (await state.FindIndexAsync(name, cancellation) is null)
        {
            try
            {
                return new ModelSide(models.Get(name));
            }
            catch (ModelException problem) when (problem.IsMissing)
            {
                var known = (await state.ListIndexesAsync(cancellation)).Select(index => index.Name).ToList();
                throw new OperatorException(OperatorError.NotFound,
                    $"there is no index and no model '{name}'; indexes: {(known.Count == 0 ? "none" : string.Join(", ", known))}; 'driftguard model list' lists the models; a collection is written collection:NAME");
            }
        }

        return folders.All().Any(folder => folder.Name == name)
            ? throw new OperatorException(OperatorError.Invalid, $"'{name}' is an index and a model: write index:{name} or model:{name}")
            : await IndexAsync(name, cancellation);
    }

    private async Task<ComparableSide> IndexAsync(string name, CancellationToken cancellation)
    {
        var index = await indexes.ReadAsync(name, cancellation);
        IndexVectors.Require(index.Definition.Vector, index.State);
        return Side(index.Collection, models.Get(index.RequireModel(), index.Fingerprint), name, corpora.Of(index.Definition));
    }

    private async Task<ComparableSide> CollectionAsync(SideName name, CancellationToken cancellation)
    {
        var found = await qdrant.FindCollectionAsync(name.Name, cancellation)
            ?? throw new OperatorException(OperatorError.NotFound, $"there is no collection '{name.Name}' in Qdrant at {qdrant.Address}");
        RequireOneVector(name.Name, found);
        var fingerprint = found.Metadata.GetValueOrDefault(IndexMetadata.Fingerprint) ?? await StampedAsync(name.Name, cancellation);
        var model = name.Model is { } named ? models.Get(named)
            : found.Metadata.GetValueOrDefault(IndexMetadata.Model) is { } declared ? models.Get(declared, fingerprint)
            : folders.All().FirstOrDefault(folder => folder.Fingerprint?.Id == fingerprint) is { } folder ? models.Get(folder.Name, fingerprint)
            : throw new OperatorException(OperatorError.Invalid,
                $"collection '{name.Name}' does not say which model made its vectors{(fingerprint is null ? "" : $", its stamps say fingerprint {fingerprint[..8]}, and no model here has it")}: write collection:{name.Name}@MODEL");
        if (found.Vectors[""].Size != model.Spec.Dimensions)
        {
            throw new OperatorException(OperatorError.Invalid,
                $"collection '{name.Name}' holds vectors of {found.Vectors[""].Size} dimensions, and {model.Spec.Name} makes {model.Spec.Dimensions}: it cannot be the model that made them");
        }

        var side = Side(name.Name, model, null, null);
        if (fingerprint is not null && fingerprint != model.Fingerprint.Id)
        {
            side.Notes.Add($"{name.Name} was made by a model of fingerprint {fingerprint[..Math.Min(8, fingerprint.Length)]}, and is searched with {model.Spec.Name} ({model.Fingerprint.Short}): vectors of different models do not compare");
        }

        return side;
    }

    private CollectionSide Side(string collection, ITextEmbedder model, string? index, IndexCorpus? corpus) =>
        new(collection, model, index, corpus, scorer, labels, texts, qdrant);

    /// <summary>The fingerprint that the first points' stamps agree on; null if they do not.</summary>
    private async Task<string?> StampedAsync(string collection, CancellationToken cancellation)
    {
        var page = await qdrant.ScrollAsync(collection, PointId.First, StampsRead, ReadShape.Stamps, null, cancellation);
        return page.Points.Select(point => StampPayload.Read(point.Payload)?.Fingerprint).Distinct(StringComparer.Ordinal).ToList() is [{ } only] ? only : null;
    }

    private static void RequireOneVector(string collection, CollectionState found)
    {
        if (!found.HoldsOneUnnamedVector)
        {
            throw new OperatorException(OperatorError.Invalid,
                $"collection {collection} holds vectors {string.Join(", ", found.Vectors.Keys.Select(key => $"'{key}'"))}; only collections with one unnamed dense vector can be compared");
        }
    }
}
