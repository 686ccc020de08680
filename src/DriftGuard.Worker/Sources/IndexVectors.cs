using DriftGuard.Qdrant;

namespace DriftGuard.Worker.Sources;

/// <summary>Which of a collection's vectors an index' model makes.</summary>
internal static class IndexVectors
{
    /// <summary>The vector of a collection that a model makes.</summary>
    /// <exception cref="OperatorException">There is none of that name, or it is not one dense vector a point.</exception>
    public static VectorSchema Require(string name, CollectionState collection) => collection.DenseVector(name)
        ?? throw new OperatorException(OperatorError.Invalid, WhyNot(name, collection));

    /// <summary>What is wrong where a collection has no such vector.</summary>
    public static string WhyNot(string name, CollectionState collection) =>
        $"collection {collection.Name} holds no {InWords(name)} of one dense vector a point; it holds {HeldBy(collection)}"
        + (name.Length == 0 && collection.Vectors.Count > 0 ? ". Name the one that the model makes with --vector; the others are kept as they are" : "");

    /// <summary>A vector's name, for people.</summary>
    public static string InWords(string name) => name.Length == 0 ? "unnamed vector" : $"vector '{name}'";

    private static string HeldBy(CollectionState collection) => collection.VectorNames.Count == 0 ? "none" : string.Join(", ", collection.VectorNames.Select(name =>
        InWords(name) + (!collection.Vectors.TryGetValue(name, out var dense) ? " (sparse)" : dense.MultiVector is not null ? " (multi-vector)" : "")));
}
