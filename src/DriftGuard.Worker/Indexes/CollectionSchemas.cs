using DriftGuard.Core.Embedding;
using DriftGuard.Core.Indexes;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Models;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Indexes;

/// <summary>What collections are declared as, from the model that makes their vectors.</summary>
internal static class CollectionSchemas
{
    /// <summary>A new index' first collection.</summary>
    public static CollectionSchema New(string index, ITextEmbedder model) =>
        CollectionSchema.Of(model.Spec.Dimensions, DistanceOf(model.Spec)) with { Metadata = MetadataOf(index, model) };

    /// <summary>A shadow collection: all that blue declares, with the new model's vectors, and no index until it is filled.</summary>
    public static CollectionSchema LikeBlue(CollectionSchema blue, string index, ITextEmbedder model) => blue with
    {
        Vectors = blue.Vectors.ToDictionary(
            v => v.Key,
            v => v.Value with { Size = model.Spec.Dimensions, Distance = DistanceOf(model.Spec) },
            StringComparer.Ordinal),
        Metadata = MetadataOf(index, model),
        IndexingThreshold = 0,
    };

    /// <summary>Qdrant's name of the spec's distance.</summary>
    public static Distance DistanceOf(ModelSpec spec) => spec.Distance switch
    {
        VectorDistance.Dot => Distance.Dot,
        VectorDistance.Euclid => Distance.Euclid,
        VectorDistance.Manhattan => Distance.Manhattan,
        _ => Distance.Cosine,
    };

    /// <summary>The note that a collection carries about its vectors.</summary>
    public static Dictionary<string, string> MetadataOf(string index, ITextEmbedder model) => new(StringComparer.Ordinal)
    {
        [IndexMetadata.Fingerprint] = model.Fingerprint.Id,
        [IndexMetadata.Model] = model.Spec.Name,
        [IndexMetadata.Index] = index,
    };
}
