using System.Security.Cryptography;
using DriftGuard.Benchmarks.Processes;

namespace DriftGuard.Benchmarks.Embedding;

/// <summary>e5-small-v2 (int8), which does not come with the repository: a model folder around the files that a variable names.</summary>
internal static class E5Model
{
    public const string Variable = "DRIFTGUARD_E5_MODEL_DIR";

    /// <summary>The folder; null where the variable is not set.</summary>
    public static TemporaryDirectory? Folder()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } files)
        {
            return null;
        }

        var folder = new TemporaryDirectory();
        File.WriteAllText(Path.Combine(folder.Path, "model.yaml"), $$"""
            name: e5-small-v2-int8
            provider: onnx
            model: intfloat/e5-small-v2
            files:
              graph: { path: model.onnx, sha256: {{Copy(files, folder.Path, "model.onnx")}} }
              vocabulary: { path: vocab.txt, sha256: {{Copy(files, folder.Path, "vocab.txt")}} }
            tokenizer: { kind: wordpiece }
            prefixes: { query: 'query: ', document: 'passage: ' }
            dimensions: 384
            max_tokens: 256
            """);
        return folder;
    }

    private static string Copy(string from, string to, string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(from, name));
        File.WriteAllBytes(Path.Combine(to, name), bytes);
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
