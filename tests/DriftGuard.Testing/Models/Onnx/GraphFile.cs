using Google.Protobuf;

namespace DriftGuard.Testing.Models.Onnx;

/// <summary>A graph that is rewritten: its nodes and weights. Field numbers are those of onnx.proto; all else is left as it is.</summary>
internal sealed class GraphFile
{
    private const int ModelGraph = 7;
    private const int GraphNode = 1;
    private const int GraphInitialiser = 5;
    private const int GraphOutput = 12;

    private readonly WireMessage _model;
    private readonly WireMessage _graph;

    private GraphFile(WireMessage model)
    {
        _model = model;
        _graph = WireMessage.Parse(model.Fields.Single(f => f.Field == ModelGraph).Bytes);
        Nodes = [.. _graph.Fields.Where(f => f.Field == GraphNode).Select(f => GraphNodeMessage.Parse(f.Bytes))];
        Initialisers = _graph.Fields.Where(f => f.Field == GraphInitialiser).Select(f => GraphTensor.Parse(f.Bytes)).ToDictionary(t => t.Name, StringComparer.Ordinal);
    }

    /// <summary>The nodes, each after those whose outputs it takes.</summary>
    public List<GraphNodeMessage> Nodes { get; }

    /// <summary>The weights, by name.</summary>
    public Dictionary<string, GraphTensor> Initialisers { get; }

    /// <summary>Names of the outputs.</summary>
    public IEnumerable<string> Outputs => _graph.Fields.Where(f => f.Field == GraphOutput).Select(f => WireMessage.Parse(f.Bytes).Text(1));

    public static GraphFile Read(string path) => new(WireMessage.Parse(ByteString.CopyFrom(File.ReadAllBytes(path))));

    /// <summary>Writes nodes and weights; weights that no node takes are left out.</summary>
    public void Write(string path)
    {
        var used = Nodes.SelectMany(n => n.Inputs).ToHashSet(StringComparer.Ordinal);
        _graph.Fields.RemoveAll(f => f.Field is GraphNode or GraphInitialiser);
        Nodes.ForEach(n => _graph.Add(GraphNode, n.ToMessage()));
        foreach (var tensor in Initialisers.Values.Where(t => used.Contains(t.Name)))
            _graph.Add(GraphInitialiser, tensor.ToMessage());
        var at = _model.Fields.FindIndex(f => f.Field == ModelGraph);
        _model.Fields[at] = _model.Fields[at] with { Bytes = _graph.ToBytes() };
        File.WriteAllBytes(path, _model.ToBytes().ToByteArray());
    }
}

/// <summary>A node.</summary>
internal sealed class GraphNodeMessage
{
    private const int Input = 1;
    private const int Output = 2;
    private const int OperatorType = 4;

    private WireMessage _rest = new();

    /// <summary>Its operator.</summary>
    public required string Operator { get; init; }

    /// <summary>Names of what it takes.</summary>
    public required List<string> Inputs { get; init; }

    /// <summary>Names of what it gives.</summary>
    public required List<string> Outputs { get; init; }

    public static GraphNodeMessage Parse(ByteString bytes)
    {
        var message = WireMessage.Parse(bytes);
        var rest = new WireMessage();
        rest.Fields.AddRange(message.Fields.Where(f => f.Field is not (Input or Output or OperatorType)));
        return new() { Operator = message.Text(OperatorType), Inputs = [.. message.Texts(Input)], Outputs = [.. message.Texts(Output)], _rest = rest };
    }

    public WireMessage ToMessage()
    {
        var message = new WireMessage();
        Inputs.ForEach(input => message.Add(Input, input));
        Outputs.ForEach(output => message.Add(Output, output));
        message.Add(OperatorType, Operator);
        message.Fields.AddRange(_rest.Fields);
        return message;
    }
}
