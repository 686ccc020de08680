using DriftGuard.Testing.Models.Onnx;

namespace DriftGuard.Testing.Models;

/// <summary>
/// The 32-bit twin of a dynamically quantised graph: the same weights, dequantised, and activations that are never rounded. With it "a model
/// was replaced by its quantised form", or the other way round, is really caused.
/// </summary>
/// <remarks>
/// The pattern is that of the ONNX runtime's quantiser: DynamicQuantizeLinear(x) and MatMulInteger with constant weights, whose result is
/// cast to float and multiplied by the product of both scales. Each becomes MatMul(x, w) with w = (w_q - w_zero) * w_scale, a scale and zero
/// for the tensor or for each column. Embedding tables, which are dequantised after the look-up, stay as they are: they are exact.
/// </remarks>
public static class FloatTwin
{
    /// <summary>Writes the twin of a graph.</summary>
    /// <param name="int8Graph">Path of the quantised graph.</param>
    /// <param name="floatGraph">Path of the twin; replaced if it is there.</param>
    /// <exception cref="InvalidDataException">The graph is not quantised in the pattern, or weights lie outside of its file.</exception>
    public static void Write(string int8Graph, string floatGraph)
    {
        var graph = GraphFile.Read(int8Graph);
        var products = graph.Nodes.Where(n => n.Operator == "MatMulInteger").ToList();
        if (products.Count == 0)
            throw new InvalidDataException($"{int8Graph} has no MatMulInteger: it is not quantised dynamically.");
        foreach (var product in products)
            Replace(graph, product);
        graph.Nodes.RemoveAll(n => n.Operator == "DynamicQuantizeLinear");
        graph.Write(floatGraph);
    }

    private static void Replace(GraphFile graph, GraphNodeMessage product)
    {
        var activations = Producer(graph, product.Inputs[0], "DynamicQuantizeLinear");
        var cast = Consumer(graph, product.Outputs[0], "Cast");
        var scaled = Consumer(graph, cast.Outputs[0], "Mul");
        var scales = Producer(graph, scaled.Inputs.Single(i => i != cast.Outputs[0]), "Mul");
        var weights = graph.Initialisers[product.Inputs[1]];
        var scale = graph.Initialisers[scales.Inputs.Single(i => i != activations.Outputs[1])].Floats();
        int[] zero = product.Inputs.Count > 3 ? graph.Initialisers[product.Inputs[3]].Integers() : [0];

        var name = product.Inputs[1] + "_float";
        graph.Initialisers[name] = GraphTensor.OfFloats(name, weights.Shape, Dequantise(weights, scale, zero));
        graph.Nodes[graph.Nodes.IndexOf(scaled)] = new() { Operator = "MatMul", Inputs = [activations.Inputs[0], name], Outputs = scaled.Outputs };
        graph.Nodes.RemoveAll(n => n == product || n == cast || n == scales);
    }

    private static float[] Dequantise(GraphTensor weights, float[] scale, int[] zero)
    {
        var quantised = weights.Integers();
        var columns = weights.Shape[^1];
        if ((scale.Length != 1 && scale.Length != columns) || (zero.Length != 1 && zero.Length != columns))
            throw new InvalidDataException($"'{weights.Name}' has {scale.Length} scales and {zero.Length} zeros for {columns} columns.");
        var values = new float[quantised.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var column = i % columns;
            values[i] = (quantised[i] - zero[zero.Length == 1 ? 0 : column]) * scale[scale.Length == 1 ? 0 : column];
        }

        return values;
    }

    private static GraphNodeMessage Producer(GraphFile graph, string output, string operation) =>
        graph.Nodes.Find(n => n.Outputs.Contains(output)) is { } node && node.Operator == operation
            ? node
            : throw new InvalidDataException($"'{output}' is expected to come from {operation}.");

    private static GraphNodeMessage Consumer(GraphFile graph, string input, string operation) =>
        graph.Nodes.FindAll(n => n.Inputs.Contains(input)) is [var node] && node.Operator == operation
            ? node
            : throw new InvalidDataException($"'{input}' is expected to go to {operation} and nowhere else.");
}
