using System.Security.Cryptography;
using System.Text;
using DriftGuard.Embedding.Tests.Onnx;

namespace DriftGuard.Embedding.Tests;

/// <summary>
/// A model folder in a temporary place, with a tiny graph of four dimensions and words whose vectors are known. Each part can be
/// replaced, to make folders that are to be refused.
/// </summary>
public sealed class TinyModel : IDisposable
{
    public const string Vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\napple\npear\npoison\nnothing\nbroken\nquery\n:\n";

    /// <summary>[CLS], [SEP] and nothing are zero, so that the mean of a text has the direction of its words.</summary>
    public static readonly float[][] Rows =
    [
        [9, 9, 9, 9], [0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1],
        [3, 4, 0, 0], [0, 3, 4, 12], [float.NaN, 0, 0, 0], [0, 0, 0, 0], [1, 1, 1, 1], [0, 1, 0, 0], [0, 0, 0, 0],
    ];

    public TinyModel() => System.IO.Directory.CreateDirectory(Directory);

    public string Directory { get; } = Path.Combine(Path.GetTempPath(), $"driftguard-model-{Guid.NewGuid():N}");

    public string GraphFile => Path.Combine(Directory, "model.onnx");

    public string VocabularyFile => Path.Combine(Directory, "vocab.txt");

    public string TokenizerFile => Path.Combine(Directory, "tokenizer.json");

    public string SpecFile => Path.Combine(Directory, "model.yaml");

    /// <summary>Writes the folder.</summary>
    /// <param name="graph">The graph, in place of the usual one.</param>
    /// <param name="settings">Lines of the spec besides name, provider, model and files, in place of the usual ones.</param>
    /// <param name="vocabulary">The vocabulary, in place of the usual one.</param>
    /// <param name="graphBytes">The bytes of the graph's file, in place of a graph.</param>
    /// <param name="tokenizer">The bytes of a tokenizer.json, in place of a vocabulary.</param>
    /// <param name="tokenizerLine">The spec's <c>tokenizer</c>, in place of the usual one.</param>
    public TinyModel Write(
        TinyGraph? graph = null, string? settings = null, string? vocabulary = null, byte[]? graphBytes = null, byte[]? tokenizer = null,
        string tokenizerLine = "{ kind: wordpiece }")
    {
        var bytes = graphBytes ?? (graph ?? new() { Rows = Rows }).ToOnnx();
        File.WriteAllBytes(GraphFile, bytes);
        var weights = "";
        if (graph?.WeightsFile is { } file)
        {
            File.WriteAllBytes(Path.Combine(Directory, file), graph.Weights);
            weights = $$"""{ path: {{file}}, sha256: {{Digest(graph.Weights)}} }""";
        }

        var tokenizerFile = tokenizer is null ? VocabularyFile : TokenizerFile;
        File.WriteAllBytes(tokenizerFile, tokenizer ?? Encoding.UTF8.GetBytes(vocabulary ?? Vocabulary));
        File.WriteAllText(SpecFile, $$"""
            name: tiny
            provider: onnx
            model: tests/tiny
            files:
              graph: { path: model.onnx, sha256: {{Digest(bytes)}} }
              weights: [{{weights}}]
              {{(tokenizer is null ? "vocabulary" : "tokenizer")}}: { path: {{Path.GetFileName(tokenizerFile)}}, sha256: {{Digest(File.ReadAllBytes(tokenizerFile))}} }
            tokenizer: {{tokenizerLine}}
            {{settings ?? "dimensions: 4\nmax_tokens: 16"}}
            """);
        return this;
    }

    public EmbeddingModel Open(EmbeddingModelOptions? options = null) => EmbeddingModel.Open(Directory, options ?? new() { Sessions = 1 });

    public static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
