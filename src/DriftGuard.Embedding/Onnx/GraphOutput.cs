using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Onnx;

/// <summary>The output of a graph that a spec reads.</summary>
internal sealed class GraphOutput
{
    private GraphOutput(string name, int rank, int dimensions) => (Names, Rank, Dimensions) = ([name], rank, dimensions);

    /// <summary>Its name, as the runtime takes it.</summary>
    public IReadOnlyCollection<string> Names { get; }

    /// <summary>3 for token vectors, <c>[texts, sequence, dimensions]</c>; 2 for vectors of texts.</summary>
    public int Rank { get; }

    /// <summary>Length of the vectors in it, before anything is cut off.</summary>
    public int Dimensions { get; }

    public static GraphOutput Of(ModelSpec spec) => new(spec.Output, spec.Pooling == Pooling.Output ? 2 : 3, GraphContract.NativeDimensions(spec));

    /// <summary>Whether this is the shape that the output has for a batch.</summary>
    public bool Fits(ReadOnlySpan<long> shape, int texts, int sequence) =>
        shape.Length == Rank && shape[0] == texts && (Rank < 3 || shape[1] == sequence);

    public override string ToString() => Names.Single();
}
