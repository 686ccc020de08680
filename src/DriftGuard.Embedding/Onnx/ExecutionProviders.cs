using Microsoft.ML.OnnxRuntime;

namespace DriftGuard.Embedding.Onnx;

/// <summary>What graphs are run on: the providers of the ONNX runtime that this executable is built with.</summary>
internal static class ExecutionProviders
{
    public const string Cpu = "cpu";

    /// <summary>How the runtime names a provider, e.g. <c>CUDAExecutionProvider</c> for <c>cuda</c>.</summary>
    private const string Suffix = "ExecutionProvider";

    /// <summary>The names, as they are configured, of what this build of the runtime can run on.</summary>
    public static IReadOnlyList<string> Available =>
        [.. OrtEnv.Instance().GetAvailableProviders().Select(ShortNameOf)];

    /// <summary>A provider's name as it is configured.</summary>
    public static string ShortNameOf(string provider) => provider.Replace(Suffix, "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>The first of the wanted providers that is there; <see langword="null"/> if none is.</summary>
    public static string? Choose(IReadOnlyList<string> wanted)
    {
        var available = Available;
        return wanted.FirstOrDefault(name => available.Contains(name, StringComparer.OrdinalIgnoreCase))?.ToLowerInvariant();
    }

    /// <summary>Adds the first of the wanted providers that is there.</summary>
    /// <returns>Its name, and in words what was passed over.</returns>
    /// <exception cref="OnnxRuntimeException">The provider is there but cannot start, e.g. for lack of a driver.</exception>
    /// <exception cref="InvalidDataException">None is there.</exception>
    public static (string Name, string Remark) Append(SessionOptions options, IReadOnlyList<string> wanted)
    {
        var chosen = Choose(wanted) ?? throw new InvalidDataException($"no execution provider is left: {string.Join(", ", wanted)} wanted, this "
            + $"build of the ONNX runtime has {string.Join(", ", Available)}. Build with the runtime package of the hardware, or add cpu.");
        switch (chosen)
        {
            case Cpu:
                break;
            case "cuda":
                options.AppendExecutionProvider_CUDA();
                break;
            case "tensorrt":
                options.AppendExecutionProvider_Tensorrt();
                break;
            case "rocm":
                options.AppendExecutionProvider_ROCm();
                break;
            case "dml":
                options.AppendExecutionProvider_DML();
                break;
            case "coreml":
                options.AppendExecutionProvider_CoreML();
                break;
            case "openvino":
                options.AppendExecutionProvider_OpenVINO();
                break;
            default:
                options.AppendExecutionProvider(chosen.ToUpperInvariant());
                break;
        }

        var passedOver = wanted.TakeWhile(name => !name.Equals(chosen, StringComparison.OrdinalIgnoreCase)).ToList();
        return (chosen, passedOver.Count == 0 ? "" : $" ({string.Join(", ", passedOver)} not in this build of the ONNX runtime)");
    }
}
