using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Http;
using DriftGuard.Embedding.Inference;
using DriftGuard.Embedding.Onnx;
using DriftGuard.Embedding.Specs;

namespace DriftGuard.Embedding;

/// <summary>Reads a model folder and refuses it unless all of it fits together; which parts it takes depends on the provider.</summary>
internal static class ModelLoader
{
    /// <exception cref="ModelException">The folder cannot be used; the message says why.</exception>
    public static (ModelSpec Spec, IEmbeddingEngine Engine) Load(string directory, EmbeddingModelOptions options, EmbeddingStatistics statistics)
    {
        var problems = new List<ModelProblem>();
        var definition = ModelSpecFile.Read(directory, problems);
        if (problems.Count > 0)
            throw new ModelException(directory, problems);
        var (spec, endpoint) = definition!;
        var files = new ModelFiles(directory, spec);
        return (spec, endpoint is null
            ? new EmbeddingPipeline(new OnnxModelLoader(files, options).Load(statistics), options)
            : new HttpEmbeddingEngine(new HttpModelLoader(files, endpoint, options).Load()));
    }
}
