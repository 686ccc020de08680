namespace DriftGuard.Qdrant;

/// <summary>What the vectors of a write must be, from the model spec.</summary>
/// <param name="Dimensions">How many components.</param>
/// <param name="UnitLength">Whether the spec normalises, so that each has length 1.</param>
/// <param name="Name">The name of the vector; empty: the default vector.</param>
/// <param name="Tolerance">How far the length may be from 1.</param>
public sealed record VectorExpectation(int Dimensions, bool UnitLength, string Name = "", float Tolerance = 1e-3f)
{
    /// <summary>Whether vectors of other names go as they are: they were read from Qdrant, and are carried whatever they hold.</summary>
    public bool CarriesOthers { get; init; }
}

/// <summary>
/// A vector is refused before it is sent. Qdrant takes NaN and infinity without a word and ranks garbage ever after, so nothing that is
/// not finite, has no length, or is not what the model spec says may reach it.
/// </summary>
public sealed class VectorException : Exception
{
    /// <summary>A refusal without details.</summary>
    public VectorException()
        : this("a vector was refused")
    {
    }

    /// <summary>A refusal with its reason.</summary>
    public VectorException(string message)
        : base(message)
    {
    }

    /// <summary>A refusal with its reason and cause.</summary>
    public VectorException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The collection it was meant for.</summary>
    public string Collection { get; init; } = "";

    /// <summary>The point it was meant for; null for a query.</summary>
    public PointId? Point { get; init; }
}
