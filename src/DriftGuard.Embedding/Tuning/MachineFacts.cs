using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace DriftGuard.Embedding.Tuning;

/// <summary>What decides which settings are fastest, besides the model: a result counts only where all of it is the same.</summary>
/// <param name="Cores">Cores that the process may use.</param>
/// <param name="Architecture">E.g. X64.</param>
/// <param name="Processor">The processor's name, or the width of its vectors where the system does not say.</param>
/// <param name="Runtime">Versions of .NET and of the ONNX runtime.</param>
/// <param name="Provider">What graphs run on.</param>
internal sealed record MachineFacts(int Cores, string Architecture, string Processor, string Runtime, string Provider)
{
    private const string LinuxProcessors = "/proc/cpuinfo";

    public static MachineFacts Of(string provider) => new(
        Environment.ProcessorCount,
        RuntimeInformation.ProcessArchitecture.ToString(),
        ProcessorName() is { Length: > 0 } name ? name : $"{8 * Vector<byte>.Count} bits",
        $"{RuntimeInformation.FrameworkDescription}, ONNX runtime {OrtEnv.Instance().GetVersionString()}",
        provider);

    private static string? ProcessorName()
    {
        if (!OperatingSystem.IsLinux())
            return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        try
        {
            return File.ReadLines(LinuxProcessors).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
