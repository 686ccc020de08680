using DriftGuard.Core.Embedding;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DriftGuard.Embedding.Onnx;

/// <summary>What a text encoder's graph must look like, and where a graph and its spec contradict each other.</summary>
internal static class GraphContract
{
    public const string InputIds = "input_ids";
    public const string AttentionMask = "attention_mask";
    public const string TokenTypeIds = "token_type_ids";

    /// <summary>Everything in which the graph is not what the spec says, as sentences.</summary>
    public static IEnumerable<string> Violations(InferenceSession session, ModelSpec spec)
    {
        if (!session.InputMetadata.ContainsKey(InputIds))
            yield return $"has no input '{InputIds}'; its inputs are {Names(session.InputMetadata)}.";
        foreach (var (name, input) in session.InputMetadata)
        {
            if (name is not (InputIds or AttentionMask or TokenTypeIds))
                yield return $"wants an input '{name}'; only {InputIds}, {AttentionMask} and {TokenTypeIds} can be given.";
            else if (!input.IsTensor || input.ElementDataType != TensorElementType.Int64 || input.Dimensions.Length != 2)
                yield return $"input '{name}' must be int64 [batch, sequence]; it is {Describe(input)}.";
            else if (input.Dimensions.Any(d => d >= 0))
                yield return $"input '{name}' has a fixed size, {Describe(input)}; export the graph with dynamic batch and sequence.";
        }

        if (!session.OutputMetadata.TryGetValue(spec.Output, out var output))
        {
            yield return $"has no output '{spec.Output}'; its outputs are {Names(session.OutputMetadata)}. "
                + (session.OutputMetadata.Keys.FirstOrDefault(n => session.OutputMetadata[n].Dimensions.Length == 2) is { } pooled
                    ? $"To take the text's vector from the graph, set pooling: output and output: {pooled}."
                    : "Name one as output in the spec.");
            yield break;
        }

        var shape = spec.Pooling == Pooling.Output ? "[batch, dimensions]" : "[batch, sequence, dimensions]";
        var rank = spec.Pooling == Pooling.Output ? 2 : 3;
        if (!output.IsTensor || !OutputFloats.CanRead(output.ElementDataType) || output.Dimensions.Length != rank)
        {
            yield return $"output '{spec.Output}' must be float32, float16 or bfloat16 {shape} for pooling: {spec.Pooling.ToString().ToLowerInvariant()}; "
                + $"it is {Describe(output)}.";
        }
        else if (output.Dimensions[^1] > 0 && output.Dimensions[^1] != NativeDimensions(spec))
        {
            yield return WrongDimensions(spec, output.Dimensions[^1]);
        }
    }

    /// <summary>Length of the vectors that the graph gives.</summary>
    public static int NativeDimensions(ModelSpec spec) => spec.NativeDimensions ?? spec.Dimensions;

    public static string WrongDimensions(ModelSpec spec, long found) =>
        $"output '{spec.Output}' has {found} dimensions, the spec says {NativeDimensions(spec)}. "
        + (found > spec.Dimensions ? $"To keep the first {spec.Dimensions}, set native_dimensions: {found}." : "Correct the spec.");

    private static string Names(IReadOnlyDictionary<string, NodeMetadata> nodes) => string.Join(", ", nodes.Keys.Select(n => $"'{n}'"));

    private static string Describe(NodeMetadata node) => node.IsTensor
        ? $"{node.ElementDataType} [{string.Join(", ", node.Dimensions)}]"
        : node.OnnxValueType.ToString();
}
