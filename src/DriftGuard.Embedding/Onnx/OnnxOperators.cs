using System.Text;

namespace DriftGuard.Embedding.Onnx;

/// <summary>
/// The operators of an ONNX file, subgraphs and functions included. Field numbers are those of onnx.proto.
/// </summary>
internal static class OnnxOperators
{
    /// <summary>
    /// DynamicQuantizeLinear, and the fused forms of the runtime (DynamicQuantizeMatMul, DynamicQuantizeLSTM): they scale activations
    /// by the range of the whole tensor, so that a text's vector depends on the other texts of its batch.
    /// </summary>
    private const string DynamicQuantisation = "DynamicQuantize";

    private const int ModelGraph = 7;
    private const int ModelFunctions = 25;
    private const int GraphNode = 1;
    private const int FunctionNode = 7;
    private const int NodeOperator = 4;
    private const int NodeAttribute = 5;
    private const int AttributeGraph = 6;
    private const int AttributeGraphs = 11;
    private const int DeepestSubgraph = 64;

    /// <summary>Names of the operators in the file.</summary>
    /// <exception cref="InvalidDataException">The bytes are not an ONNX model.</exception>
    public static IReadOnlySet<string> Of(ReadOnlySpan<byte> model)
    {
        var operators = new HashSet<string>(StringComparer.Ordinal);
        var hasGraph = false;
        var reader = new ProtobufReader(model);
        while (reader.Next())
        {
            if (reader.Field == ModelGraph)
            {
                hasGraph = true;
                CollectNodes(reader.Bytes, GraphNode, operators, depth: 0);
            }
            else if (reader.Field == ModelFunctions)
            {
                CollectNodes(reader.Bytes, FunctionNode, operators, depth: 0);
            }
        }

        return hasGraph ? operators : throw new InvalidDataException("there is no graph in it");
    }

    /// <summary>Whether the graph's vectors depend on the batch.</summary>
    public static bool AreDynamicallyQuantised(IReadOnlySet<string> operators) =>
        operators.Any(o => o.StartsWith(DynamicQuantisation, StringComparison.Ordinal));

    private static void CollectNodes(ReadOnlySpan<byte> graph, int nodeField, HashSet<string> operators, int depth)
    {
        if (depth > DeepestSubgraph)
            throw new InvalidDataException($"subgraphs are nested more than {DeepestSubgraph} deep");
        var reader = new ProtobufReader(graph);
        while (reader.Next())
        {
            if (reader.Field != nodeField)
                continue;
            var node = new ProtobufReader(reader.Bytes);
            while (node.Next())
            {
                if (node.Field == NodeOperator)
                    operators.Add(Encoding.UTF8.GetString(node.Bytes));
                else if (node.Field == NodeAttribute)
                    CollectSubgraphs(node.Bytes, operators, depth);
            }
        }
    }

    private static void CollectSubgraphs(ReadOnlySpan<byte> attribute, HashSet<string> operators, int depth)
    {
        var reader = new ProtobufReader(attribute);
        while (reader.Next())
        {
            if (reader.Field is AttributeGraph or AttributeGraphs)
                CollectNodes(reader.Bytes, GraphNode, operators, depth + 1);
        }
    }
}
