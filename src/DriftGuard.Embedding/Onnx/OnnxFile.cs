using System.Text;

namespace DriftGuard.Embedding.Onnx;

/// <summary>
/// What an ONNX file says of itself, subgraphs and functions included. Field numbers are those of onnx.proto.
/// </summary>
internal sealed class OnnxFile
{
    /// <summary>
    /// DynamicQuantizeLinear, and the fused forms of the runtime (DynamicQuantizeMatMul, DynamicQuantizeLSTM): they scale activations
    /// by the range of the whole tensor, so that a text's vector depends on the other texts of its batch.
    /// </summary>
    private const string DynamicQuantisation = "DynamicQuantize";

    private const int ModelGraph = 7;
    private const int ModelFunctions = 25;
    private const int GraphNode = 1;
    private const int GraphInitializer = 5;
    private const int FunctionNode = 7;
    private const int NodeOperator = 4;
    private const int NodeAttribute = 5;
    private const int AttributeTensor = 5;
    private const int AttributeGraph = 6;
    private const int AttributeTensors = 10;
    private const int AttributeGraphs = 11;
    private const int TensorExternalData = 13;
    private const int DeepestSubgraph = 64;

    private readonly HashSet<string> _operators = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _weightsFiles = new(StringComparer.Ordinal);

    private OnnxFile()
    {
    }

    /// <summary>Names of the operators in the file.</summary>
    public IReadOnlySet<string> Operators => _operators;

    /// <summary>Paths of the files that hold weights of the graph, relative to its own.</summary>
    public IReadOnlySet<string> WeightsFiles => _weightsFiles;

    /// <summary>Whether the graph's vectors depend on the batch.</summary>
    public bool IsDynamicallyQuantised => _operators.Any(o => o.StartsWith(DynamicQuantisation, StringComparison.Ordinal));

    /// <summary>Reads the bytes of a file.</summary>
    /// <exception cref="InvalidDataException">The bytes are not an ONNX model.</exception>
    public static OnnxFile Read(ReadOnlySpan<byte> model)
    {
        var file = new OnnxFile();
        var hasGraph = false;
        var reader = new ProtobufReader(model);
        while (reader.Next())
        {
            if (reader.Field == ModelGraph)
            {
                hasGraph = true;
                file.ReadGraph(reader.Bytes, GraphNode, depth: 0);
            }
            else if (reader.Field == ModelFunctions)
            {
                file.ReadGraph(reader.Bytes, FunctionNode, depth: 0);
            }
        }

        return hasGraph ? file : throw new InvalidDataException("there is no graph in it");
    }

    private void ReadGraph(ReadOnlySpan<byte> graph, int nodeField, int depth)
    {
        if (depth > DeepestSubgraph)
            throw new InvalidDataException($"subgraphs are nested more than {DeepestSubgraph} deep");
        var reader = new ProtobufReader(graph);
        while (reader.Next())
        {
            if (reader.Field == nodeField)
                ReadNode(reader.Bytes, depth);
            else if (reader.Field == GraphInitializer && nodeField == GraphNode)
                ReadTensor(reader.Bytes);
        }
    }

    private void ReadNode(ReadOnlySpan<byte> node, int depth)
    {
        var reader = new ProtobufReader(node);
        while (reader.Next())
        {
            if (reader.Field == NodeOperator)
                _operators.Add(Encoding.UTF8.GetString(reader.Bytes));
            else if (reader.Field == NodeAttribute)
                ReadAttribute(reader.Bytes, depth);
        }
    }

    private void ReadAttribute(ReadOnlySpan<byte> attribute, int depth)
    {
        var reader = new ProtobufReader(attribute);
        while (reader.Next())
        {
            if (reader.Field is AttributeGraph or AttributeGraphs)
                ReadGraph(reader.Bytes, GraphNode, depth + 1);
            else if (reader.Field is AttributeTensor or AttributeTensors)
                ReadTensor(reader.Bytes);
        }
    }

    private void ReadTensor(ReadOnlySpan<byte> tensor)
    {
        var reader = new ProtobufReader(tensor);
        while (reader.Next())
        {
            if (reader.Field != TensorExternalData)
                continue;
            var (key, value) = ("", "");
            var entry = new ProtobufReader(reader.Bytes);
            while (entry.Next())
                (key, value) = entry.Field == 1 ? (Encoding.UTF8.GetString(entry.Bytes), value) : (key, Encoding.UTF8.GetString(entry.Bytes));
            if (key == "location")
                _weightsFiles.Add(value);
        }
    }
}
