using System.Runtime.InteropServices;

namespace DriftGuard.Embedding.Tests.Onnx;

/// <summary>
/// A real ONNX graph of a few nodes, small enough to know its vectors: each token id looks up a row. Field numbers are those of
/// onnx.proto.
/// </summary>
public sealed record TinyGraph
{
    private const int Float = 1;
    private const int Int64 = 7;
    private const int OpsetVersion = 13;

    /// <summary>The row of each token; NaN and zeros are as good as any.</summary>
    public required float[][] Rows { get; init; }

    public IReadOnlyList<string> Inputs { get; init; } = ["input_ids", "attention_mask", "token_type_ids"];

    public string Output { get; init; } = "last_hidden_state";

    /// <summary>Whether the graph gives one vector a text, the mean over all tokens, as models with their own pooling do.</summary>
    public bool Pooled { get; init; }

    /// <summary>A token that the runtime fails on: it looks up a row that is not there.</summary>
    public int? FailsOn { get; init; }

    /// <summary>Whether the vectors go through DynamicQuantizeLinear, which makes them depend on the batch.</summary>
    public bool DynamicallyQuantised { get; init; }

    public bool FixedBatch { get; init; }

    /// <summary>The type of the output, by its number in onnx.proto: 1 is float32, 10 float16, 16 bfloat16, 11 float64.</summary>
    public int OutputType { get; init; } = Float;

    /// <summary>The file, beside the graph's, that the rows lie in; <see langword="null"/> if they lie in the graph's.</summary>
    public string? WeightsFile { get; init; }

    /// <summary>What is to be written to <see cref="WeightsFile"/>.</summary>
    public byte[] Weights => MemoryMarshal.AsBytes<float>(Rows.SelectMany(r => r).ToArray()).ToArray();

    private int Dimensions => Rows[0].Length;

    public byte[] ToOnnx()
    {
        var graph = new ProtobufWriter().Text(2, "tiny");
        Node(graph, "Gather", ["indices", "input_ids"], "index");
        Node(graph, "Gather", ["rows", "index"], "vectors");
        var vectors = "vectors";
        if (DynamicallyQuantised)
        {
            Node(graph, "DynamicQuantizeLinear", [vectors], "quantised", "scale", "zero");
            Node(graph, "DequantizeLinear", ["quantised", "scale", "zero"], vectors = "dequantised");
        }

        if (OutputType != Float)
            Node(graph, "Cast", [vectors], vectors = "cast", new ProtobufWriter().Text(1, "to").Number(3, OutputType).Number(20, 2), keepDimensions: false);

        if (Pooled)
            Node(graph, "ReduceMean", [vectors], Output, attribute: Axis(1));
        else
            Node(graph, "Identity", [vectors], Output);
        var indices = Enumerable.Range(0, Rows.Length).Select(i => i == FailsOn ? Rows.Length + 7L : i).ToArray();
        graph.Message(5, Tensor("indices", Int64, [Rows.Length], MemoryMarshal.AsBytes<long>(indices)));
        graph.Message(5, WeightsFile is null
            ? Tensor("rows", Float, [Rows.Length, Dimensions], Weights)
            : Tensor("rows", Float, [Rows.Length, Dimensions]).Message(13, new ProtobufWriter().Text(1, "location").Text(2, WeightsFile)).Number(14, 1));
        foreach (var input in Inputs)
            graph.Message(11, Value(input, Int64, FixedBatch ? 1 : "batch", "sequence"));
        graph.Message(12, Pooled ? Value(Output, OutputType, "batch", Dimensions) : Value(Output, OutputType, "batch", "sequence", Dimensions));
        return new ProtobufWriter().Number(1, 8).Message(8, new ProtobufWriter().Number(2, OpsetVersion)).Message(7, graph).ToArray();
    }

    private static void Node(ProtobufWriter graph, string operation, string[] inputs, params ReadOnlySpan<string> outputs) =>
        Node(graph, operation, inputs, [], outputs);

    private static void Node(
        ProtobufWriter graph, string operation, string[] inputs, string output, ProtobufWriter attribute, bool keepDimensions = true)
    {
        var attributes = keepDimensions ? new[] { attribute, new ProtobufWriter().Text(1, "keepdims").Number(3, 0).Number(20, 2) } : [attribute];
        Node(graph, operation, inputs, attributes, output);
    }

    private static void Node(
        ProtobufWriter graph, string operation, string[] inputs, ProtobufWriter[] attributes, params ReadOnlySpan<string> outputs)
    {
        var node = new ProtobufWriter();
        foreach (var input in inputs)
            node.Text(1, input);
        foreach (var output in outputs)
            node.Text(2, output);
        node.Text(4, operation);
        foreach (var attribute in attributes)
            node.Message(5, attribute);
        graph.Message(1, node);
    }

    private static ProtobufWriter Axis(int axis) => new ProtobufWriter().Text(1, "axes").Number(8, axis).Number(20, 7);

    private static ProtobufWriter Tensor(string name, int type, int[] shape, ReadOnlySpan<byte> data) =>
        Tensor(name, type, shape).Bytes(9, data.ToArray());

    private static ProtobufWriter Tensor(string name, int type, int[] shape)
    {
        var tensor = new ProtobufWriter();
        foreach (var size in shape)
            tensor.Number(1, size);
        return tensor.Number(2, type).Text(8, name);
    }

    private static ProtobufWriter Value(string name, int type, params object[] shape)
    {
        var dimensions = new ProtobufWriter();
        foreach (var size in shape)
        {
            dimensions.Message(1, size is int number ? new ProtobufWriter().Number(1, number) : new ProtobufWriter().Text(2, (string)size));
        }

        var tensor = new ProtobufWriter().Number(1, type).Message(2, dimensions);
        return new ProtobufWriter().Text(1, name).Message(2, new ProtobufWriter().Message(1, tensor));
    }
}
