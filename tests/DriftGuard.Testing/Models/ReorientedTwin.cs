using DriftGuard.Testing.Models.Onnx;

namespace DriftGuard.Testing.Models;

/// <summary>
/// The same model with its space turned: every vector is another one, and every similarity the same. A matrix product is put behind the
/// token vectors, which the mean over tokens commutes with.
/// </summary>
public static class ReorientedTwin
{
    private const string Weights = "driftguard_orientation";

    /// <summary>Writes the twin of a graph.</summary>
    /// <param name="source">Path of the graph.</param>
    /// <param name="target">Path of the twin; replaced if it is there.</param>
    /// <param name="matrix">How the space is turned; as many dimensions as the output has.</param>
    /// <param name="output">The output that is turned.</param>
    /// <exception cref="InvalidDataException">The graph has no such output, or was turned before.</exception>
    public static void Write(string source, string target, Orthogonal matrix, string output = "last_hidden_state")
    {
        var graph = GraphFile.Read(source);
        if (!graph.Outputs.Contains(output, StringComparer.Ordinal))
            throw new InvalidDataException($"{source} has no output '{output}'; it has {string.Join(", ", graph.Outputs)}.");
        if (graph.Initialisers.ContainsKey(Weights))
            throw new InvalidDataException($"{source} was turned before.");
        var before = output + "_before_" + Weights;
        foreach (var names in graph.Nodes.SelectMany(n => new[] { n.Inputs, n.Outputs }))
        {
            for (var i = names.IndexOf(output); i >= 0; i = names.IndexOf(output))
                names[i] = before;
        }

        graph.Initialisers[Weights] = GraphTensor.OfFloats(Weights, [matrix.Dimensions, matrix.Dimensions], matrix.ToRows());
        graph.Nodes.Add(new() { Operator = "MatMul", Inputs = [before, Weights], Outputs = [output] });
        graph.Write(target);
    }
}
