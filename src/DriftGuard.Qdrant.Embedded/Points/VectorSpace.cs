using DriftGuard.Qdrant.Embedded.Search;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Points;

/// <summary>One vector name of a collection: its size and distance, and the vectors themselves.</summary>
/// <param name="Size">Dimensions.</param>
/// <param name="Distance">How near two of them are.</param>
/// <param name="Key">Number under which its vectors are stored; never used again, so that a name created anew starts empty.</param>
/// <param name="Name">Empty for the default vector.</param>
internal sealed record VectorSpace(int Key, string Name, int Size, Distance Distance)
{
    public VectorArena Arena { get; } = new(Size);

    public void CheckSize(int size)
    {
        if (size != Size) throw Refusal.WrongDimension(Size, size);
    }
}
