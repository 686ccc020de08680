using System.Globalization;
using System.Numerics.Tensors;
using Google.Protobuf;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant;

/// <summary>Checks the vectors of a write or a query before they are sent.</summary>
internal static class VectorChecks
{
    public static void Require(string collection, IReadOnlyList<PointStruct> points, VectorExpectation? expectation)
    {
        for (var i = 0; i < points.Count; i++)
            Require(collection, points[i].Id, points[i].Vectors, expectation);
    }

    public static void Require(string collection, WirePointId? id, Vectors? vectors, VectorExpectation? expectation)
    {
        switch (vectors?.VectorsOptionsCase)
        {
            case Vectors.VectorsOptionsOneofCase.Vector:
                RequireDense(collection, id, "", vectors.Vector, expectation);
                break;
            case Vectors.VectorsOptionsOneofCase.Vectors_:
                foreach (var (name, vector) in vectors.Vectors_.Vectors)
                {
                    if (expectation is not { CarriesOthers: true } || string.Equals(name, expectation.Name, StringComparison.Ordinal))
                        RequireDense(collection, id, name, vector, expectation);
                }
                break;
            default:
                // A point may have a payload and no vector.
                break;
        }
    }

    /// <summary>Checks one vector; <paramref name="id"/> is null for a query.</summary>
    public static void Require(string collection, WirePointId? id, string name, ReadOnlySpan<float> vector, VectorExpectation? expectation)
    {
        if (expectation is not null && !string.Equals(expectation.Name, name, StringComparison.Ordinal))
            expectation = null;
        if (vector.IsEmpty)
            throw Refuse(collection, id, name, "it has no components", "compute it again");
        if (expectation is not null && vector.Length != expectation.Dimensions)
        {
            throw Refuse(
                collection, id, name, $"it has {vector.Length} dimensions, expected {expectation.Dimensions}",
                "check that the model is the one the collection was made for");
        }
        var squares = TensorPrimitives.SumOfSquares(vector);
        if (!float.IsFinite(squares))
            RequireFinite(collection, id, name, vector);
        if (squares == 0)
            throw Refuse(collection, id, name, "all its components are zero, so it has no direction", "check the text it was made from and the model");
        if (expectation is { UnitLength: true } && MathF.Abs(MathF.Sqrt(squares) - 1) > expectation.Tolerance)
        {
            throw Refuse(
                collection, id, name, string.Create(CultureInfo.InvariantCulture, $"its length is {MathF.Sqrt(squares)}, expected 1 within {expectation.Tolerance}"),
                "normalise it as the model spec says, or correct the spec");
        }
    }

    private static void RequireDense(string collection, WirePointId? id, string name, Vector vector, VectorExpectation? expectation)
    {
        if (vector.VectorCase == Vector.VectorOneofCase.Dense)
            Require(collection, id, name, UnsafeCollectionOperations.AsSpan(vector.Dense.Data), expectation);
        else if (vector.VectorCase == Vector.VectorOneofCase.None)
            Require(collection, id, name, UnsafeCollectionOperations.AsSpan(DeprecatedData(vector)), expectation);
        else if (expectation is not null && string.Equals(expectation.Name, name, StringComparison.Ordinal))
            throw Refuse(collection, id, name, $"it is a {vector.VectorCase} vector, expected a dense one", "check the model spec");
    }

    /// <summary>Squares overflow before components do, so a sum that is not finite needs a second look.</summary>
    private static void RequireFinite(string collection, WirePointId? id, string name, ReadOnlySpan<float> vector)
    {
        for (var i = 0; i < vector.Length; i++)
        {
            if (!float.IsFinite(vector[i]))
            {
                throw Refuse(
                    collection, id, name, string.Create(CultureInfo.InvariantCulture, $"component {i} of {vector.Length} is {vector[i]}"),
                    "check the model: Qdrant would store it and rank garbage");
            }
        }
    }

    private static VectorException Refuse(string collection, WirePointId? id, string name, string found, string advice)
    {
        var point = id?.ToPointId();
        var subject = point is null ? "a query" : $"point {point}";
        var vectorName = name.Length == 0 ? "" : $" '{name}'";
        return new VectorException($"the vector{vectorName} of {subject} for collection '{collection}' was not sent: {found}; {advice}")
        {
            Collection = collection,
            Point = point,
        };
    }

#pragma warning disable CS0612 // The deprecated form is still a form that a caller can send.
    private static Google.Protobuf.Collections.RepeatedField<float> DeprecatedData(Vector vector) => vector.Data;
#pragma warning restore CS0612
}
