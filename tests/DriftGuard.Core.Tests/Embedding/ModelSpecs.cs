using DriftGuard.Core.Embedding;

namespace DriftGuard.Core.Tests.Embedding;

internal static class ModelSpecs
{
    public static ModelSpec Example() => new()
    {
        Name = "example",
        Provider = "onnx",
        Model = "publisher/example",
        Revision = "1",
        Files = [new("graph", "model.onnx", new('a', 64)), new("vocabulary", "vocab.txt", new('b', 64))],
        Dimensions = 8,
        QueryPrefix = "query: ",
        DocumentPrefix = "Säule \"1\":\n",
        MaxTokens = 256,
        Tokenizer = new(),
    };
}
