using DriftGuard.Core.Embedding;
using DriftGuard.Core.Indexes;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Sources;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Indexes;

/// <summary>What collections are declared as, from the model that makes their vectors.</summary>
internal static class CollectionSchemas
{
    /// <summary>A new index' first collection.</summary>
    public static CollectionSchema New(string index, string vector, ITextEmbedder model) =>
        CollectionSchema.Of(model.Spec.Dimensions, DistanceOf(model.Spec), vector) with { Metadata = MetadataOf(index, model) };

    /// <summary>A shadow collection: all that blue declares, with the one vector as the new model makes it, and no index until it is filled.</summary>
    /// <exception cref="OperatorException">Blue has no such vector.</exception>
    public static CollectionSchema LikeBlue(CollectionState blue, string index, string vector, ITextEmbedder model) => blue.Schema with
    {
        Vectors = new Dictionary<string, VectorSchema>(blue.Vectors, StringComparer.Ordinal)
        {
            [vector] = IndexVectors.Require(vector, blue) with { Size = model.Spec.Dimensions, Distance = DistanceOf(model.Spec) },
        },
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

    /// <summary>The spec's name of Qdrant's distance.</summary>
    public static VectorDistance DistanceOf(Distance distance) => distance switch
    {
        Distance.Dot => VectorDistance.Dot,
        Distance.Euclid => VectorDistance.Euclid,
        Distance.Manhattan => VectorDistance.Manhattan,
        _ => VectorDistance.Cosine,
    };

    /// <summary>The note that a collection carries about its vectors.</summary>
    public static Dictionary<string, string> MetadataOf(string index, ITextEmbedder model) => new(StringComparer.Ordinal)
    {
        [IndexMetadata.Fingerprint] = model.Fingerprint.Id,
        [IndexMetadata.Model] = model.Spec.Name,
        [IndexMetadata.Index] = index,
    };
}
